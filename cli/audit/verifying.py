"""``xianjie audit verify``: read only; whether the ledger is what it was."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from cli.audit.files import read_checkpoint, read_keys
from cli.context import Settings, answer_options, open_log, with_settings
from cli.help import Verb
from cli.output import Table, fields_table, show
from cli.params import FILE
from cli.progress import progress
from cli.topics import in_words
from ledger.errors import TamperedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from ledger.auditing import AuthorityReport, InDoubt
    from ledger.log.finding import Finding
    from ledger.log.signatures import KeysOf, SignatureReport
    from ledger.log.verify import VerifyReport

__all__ = ["verify"]

_MOST_FINDINGS: Final = 1_000
_SHOWN_FINDINGS: Final = 50


class _Found(NamedTuple):
    """A finding of any of the checks, as it is printed."""

    position: int | None
    kind: str
    message: str
    expected: str = ""
    found: str = ""
    advice: str = ""


class _Signers(NamedTuple):
    """What is known of who signed: against keys given from outside, and against those that the log itself enrolled."""

    given: SignatureReport | None
    authority: AuthorityReport | None

    @property
    def counted(self) -> SignatureReport | AuthorityReport | None:
        """The report that looked at signatures; None where nobody did."""
        signed_ledger = self.authority is not None and self.authority.mode == "signed"
        return self.given or (self.authority if signed_ledger else None)

    @property
    def in_doubt(self) -> list[InDoubt]:
        """The batches to be confirmed again."""
        return self.authority.in_doubt if self.authority else []


@click.command(cls=Verb, help="重算每一条记录的散列、检查点、签名和报表数据;发现问题时退出码为 5")
@click.option("--log-only", is_flag=True, help="只核验账本本身,不比对报表数据")
@click.option("--fast", is_flag=True, help="只看账本两端:不重算各条记录,不能代替核验")
@click.option("--checkpoint", "saved", type=FILE, multiple=True, help="另存的检查点文件,账本须接得上它;可多次")
@click.option("--keys", "key_file", type=FILE, help="公钥文件(每行一把):每一批都须由其中一把签名")
@answer_options
@with_settings
def verify(settings: Settings, *, log_only: bool, fast: bool, saved: Sequence[Path], key_file: Path | None) -> None:
    """Check the whole ledger."""
    from ledger.auditing import check_authority
    from ledger.log.high_water import has_note
    from ledger.log.verify import verify as verify_log
    from ledger.log.verify_head import UNCHECKED, verify_head

    outside = {f"检查点 {path}": read_checkpoint(path)[0] for path in saved}
    keys_of = _keys_of(key_file)
    with open_log(settings) as engine:
        with progress("核验记录") as heard:
            report = verify_head(engine, outside) if fast else verify_log(engine, outside, heard)
        found, signatures, authority = list(map(_of_log, report.findings)), None, None
        unchecked = list(UNCHECKED) if fast else []
        if report.head and not has_note(engine):
            unchecked.append("账本是否被换成较早的一份(这里没有高水位文件,也请给出另存的检查点 --checkpoint)")
        # What contradicts its hashes is not decoded: bytes first, meaning last.
        if report.ok and not fast:
            if keys_of is not None:
                signatures = _check_signatures(engine, keys_of)
                found += map(_of_log, signatures.findings)
            authority = check_authority(engine)
            found += map(_of_log, authority.findings)
            if report.signed and keys_of is None and authority.mode != "signed":
                unchecked.append(f"{report.signed} 批的签名(没有给出公钥 --keys)")
            if log_only:
                unchecked.append("报表数据与流水是否一致")
            else:
                found += _facts_that_differ(engine)
            found += _events_that_contradict(engine)
        elif not fast:
            unchecked.append("签名、报表数据和各条记录之间的矛盾(散列不符的内容不再解读)")
    _show_verification(settings, report, _Signers(signatures, authority), found, unchecked)
    if found:
        _refuse(found, max(len(found), report.total))


def _keys_of(path: Path | None) -> KeysOf | None:
    if path is None:
        return None
    from ledger.log.signatures import PersonKey

    keys = [PersonKey(key) for key in read_keys(path)]
    return lambda _batch: keys


def _check_signatures(engine: Engine, keys_of: KeysOf) -> SignatureReport:
    from ledger.log.signatures import check_signatures

    return check_signatures(engine, keys_of)


def _of_log(finding: Finding) -> _Found:
    from ledger.log.finding import ADVICE

    advice = ADVICE[finding.kind]
    message = in_words(finding.message)
    return _Found(finding.position, finding.kind, message, finding.expected, finding.found, advice)


def _facts_that_differ(engine: Engine) -> Iterator[_Found]:
    from ledger.database import read_transaction
    from projections.catch_up import compare, facts_position
    from projections.tables_check import table_differences

    with read_transaction(engine) as connection:
        facts_position(connection)  # facts of another revision are no forgery
        other = list(table_differences(connection))
    advice = "账本本身无误;查明是谁动过报表数据,再用 xianjie db rebuild 重建"
    for name, expected, found in other:
        message = f"报表数据里的 {name} {'缺失' if not found else '不是本程序建的' if not expected else '被改动过'}"
        yield _Found(None, "facts", message, expected, found, advice)
    if other:
        return  # what would answer is not the fact tables
    with progress("比对报表数据") as heard:
        compared = compare(engine, heard=heard)
    for each in compared:
        message = f"第 {each.position} 号记录:报表数据 {each.table} 与账本不一致(可用 db rebuild 重建)"
        yield _Found(each.position, "facts", message, advice="账本本身无误;用 xianjie db rebuild 重建报表数据")


def _events_that_contradict(engine: Engine) -> Iterator[_Found]:
    from cli.checks import contradictions

    for each in islice(contradictions(engine), _MOST_FINDINGS):
        yield _Found(each.position, each.kind, each.message, advice="记录之间相互矛盾:查明是哪个程序记入的")


def _show_verification(
    settings: Settings,
    report: VerifyReport,
    signers: _Signers,
    found: list[_Found],
    unchecked: list[str],
) -> None:
    total = max(len(found), report.total)
    counted, in_doubt = signers.counted, signers.in_doubt
    trusted = report.trusted if report.findings else report.checkpoint
    data = {
        "ok": not found,
        "events": report.events,
        "position": report.head,
        "root": report.root.hex(),
        "checkpoint": report.checkpoint,
        "mode": signers.authority and signers.authority.mode,
        "signed": counted and counted.signed,
        "unsigned": counted and counted.unsigned,
        "in_doubt": [asdict(each) for each in in_doubt],
        "trusted": trusted,
        "unchecked": unchecked,
        "total": total,
        "findings": [each._asdict() for each in found],
    }
    conclusion = "未发现问题" if not found else f"发现 {total} 处问题"
    pairs = [
        ("已核验", f"{report.events} 条记录" if report.events or not unchecked else ""),
        ("签名", f"{counted.signed} 批相符,{counted.unsigned} 批按规定不签" if counted else ""),
        ("根值", report.root.hex()),
        ("检查点", report.checkpoint.strip()),
        ("可以相信到", trusted.strip() if found else ""),
        ("没有检查", "\n".join(unchecked)),
        ("结论", conclusion),
    ]
    rows = [["" if each.position is None else str(each.position), each.message] for each in found[:_SHOWN_FINDINGS]]
    tables = [fields_table("", pairs)]
    if found:
        advice = dict.fromkeys(each.advice for each in found if each.advice)
        tables.append(Table(("序号", "问题"), rows, title="问题", notes=[f"· {one}" for one in advice]))
    if in_doubt:
        rows = [[f"{each.first}-{each.last}", each.person, each.key, each.reason, each.proposal] for each in in_doubt]
        heads = ("序号", "人员", "密钥", "吊销原因", "据以批准的提议")
        tables.append(Table(heads, rows, title="密钥已不可信,须重新确认的记录"))
    show(settings.format, data, *tables)


def _refuse(found: list[_Found], total: int) -> None:
    first = min((each.position for each in found if each.position is not None), default=None)
    at = f",最早在第 {first} 号记录" if first is not None else ""
    raise TamperedError(
        "audit.findings",
        f"核验发现 {total} 处问题{at}",
        hint="请停止记账,保留现状,用备份和手中的检查点查明原因",
        where="" if first is None else f"第 {first} 号",
    )
