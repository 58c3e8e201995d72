"""``xianjie role``: who may do what, where and until when."""

from __future__ import annotations

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.output import Table, show
from cli.params import DATE, TEXT, Choice
from cli.recording import Entry, write_options
from cli.words import code_name
from ledger.codes import Role

__all__ = ["role"]

_ROLES = Choice({str(each): each.zh for each in Role})
_person_argument = click.argument("person", metavar="人员编号", type=TEXT)
_role_argument = click.argument("role", metavar="岗位", type=_ROLES)


@click.group(cls=Noun, help="岗位:授予、收回、委托、列出")
def role() -> None:
    """Roles."""


@role.command(help="授予岗位,须另一名系统管理员批准")
@_person_argument
@_role_argument
@click.option("--area", type=TEXT, required=True, help="在哪个地区(含其下级),六位代码")
@click.option("--unit", type=TEXT, help="单位")
@click.option("--from", "from_on", type=DATE, help="从哪天起,默认为业务日期")
@click.option("--to", "to_on", type=DATE, help="到哪天止,默认到收回为止")
@write_options
def grant(entry: Entry, **values: object) -> None:
    """Give a role."""
    from ledger.domain.enrolment import GrantRole

    entry.record(GrantRole, values)


@role.command(help="收回岗位(须写 --reason);一名系统管理员即可")
@_person_argument
@_role_argument
@click.option("--area", type=TEXT, required=True, help="在哪个地区的岗位,六位代码")
@write_options
def revoke(entry: Entry, **values: object) -> None:
    """Take a role."""
    from ledger.domain.enrolment import RevokeRole

    entry.record(RevokeRole, values)


@role.command(help="把自己的岗位委托给别人到某天;系统管理岗位不能委托")
@click.argument("person", metavar="受托人编号", type=TEXT)
@_role_argument
@click.option("--until", type=DATE, required=True, help="委托到哪天(含)")
@write_options
def delegate(entry: Entry, **values: object) -> None:
    """Let somebody else act in one's own role."""
    from ledger.domain.enrolment import DelegateRole

    entry.record(DelegateRole, values)


@role.command("list", help="列出岗位和委托")
@answer_options
@with_settings
def list_(settings: Settings) -> None:
    """List all roles."""
    from cli.people import read_people

    with open_log(settings) as engine:
        people = read_people(engine)
    roles = [
        {
            "person": person,
            "role": each.role,
            "area": each.area,
            "from_on": each.from_on.isoformat(),
            "to_on": each.to_on.isoformat() if each.to_on else None,
            "delegator": None,
        }
        for person, held in sorted(people.grants.items())
        for each in held
    ] + [
        {
            "person": person,
            "role": lent.role,
            "area": None,
            "from_on": lent.effective_on.isoformat(),
            "to_on": lent.until.isoformat(),
            "delegator": lent.delegator,
        }
        for person, borrowed in sorted(people.delegations.items())
        for lent in borrowed
    ]
    rows = [
        [
            str(each["person"]),
            code_name("role_role", str(each["role"])),
            each["area"] or "随委托人",
            str(each["from_on"]),
            each["to_on"] or "",
            each["delegator"] or "",
        ]
        for each in roles
    ]
    show(settings.format, {"roles": roles}, Table(("人员", "岗位", "地区", "起", "止", "委托人"), rows))
