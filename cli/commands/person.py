"""``xianjie person``: who may be named in a signed ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Noun
from cli.output import Table, fields_table, show
from cli.params import TEXT
from cli.recording import Entry, write_options
from cli.words import code_name
from ledger.dates import today

if TYPE_CHECKING:
    from ledger.domain.people import People

__all__ = ["person"]


@click.group(cls=Noun, help="人员:登记、列出、查看")
def person() -> None:
    """Persons."""


@person.command(help="登记一名人员:编号、单位和职务;不要写身份证号和手机号")
@click.argument("person", metavar="编号", type=TEXT)
@click.option("--unit", type=TEXT, required=True, help="单位")
@click.option("--post", type=TEXT, required=True, help="职务")
@click.option("--name", type=TEXT, help="姓名,可不填")
@write_options
def enrol(entry: Entry, **values: object) -> None:
    """Enrol a person."""
    from ledger.domain.enrolment import EnrolPerson

    entry.record(EnrolPerson, values)


@person.command("list", help="列出人员、岗位和密钥数")
@answer_options
@with_settings
def list_(settings: Settings) -> None:
    """List everybody."""
    from cli.people import read_people

    with open_log(settings) as engine:
        people = read_people(engine)
    data = {"persons": [_about(people, code) for code in sorted(people.persons)]}
    rows = [
        [each["person"], each["name"], each["unit"], each["post"], _roles(each["roles"]), str(len(each["keys"]))]
        for each in data["persons"]
    ]
    show(settings.format, data, Table(("编号", "姓名", "单位", "职务", "岗位", ">在用密钥"), rows))


@person.command("show", help="查看一名人员")
@click.argument("code", metavar="编号", type=TEXT)
@answer_options
@with_settings
def show_(settings: Settings, code: str) -> None:
    """Show one person."""
    from cli.people import read_people

    with open_log(settings) as engine:
        people = read_people(engine)
    people.must_know(code)
    about = _about(people, code)
    pairs = [
        ("编号", code),
        ("姓名", about["name"]),
        ("单位", about["unit"]),
        ("职务", about["post"]),
        ("岗位", _roles(about["roles"])),
        ("在用密钥", "\n".join(about["keys"])),
    ]
    show(settings.format, about, fields_table("", pairs))


def _about(people: People, code: str) -> dict[str, Any]:
    known = people.persons[code]
    return {
        "person": code,
        "name": known.name,
        "unit": known.unit,
        "post": known.post,
        "roles": sorted(people.roles(code, "", today())),
        "keys": list(people.keys_of(code)),
    }


def _roles(roles: list[str]) -> str:
    return "、".join(code_name("role_role", role) for role in roles)
