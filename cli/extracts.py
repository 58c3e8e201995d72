"""Extracts as files: cut, checked for personal data, written whole or not at all, and read back to be compared."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli.context import Settings, open_facts
from cli.vault_values import vault_people
from ledger.errors import RuleRefusedError, ValueRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from pathlib import Path

    from projections.extracts.drafted import Drafted
    from projections.extracts.extract import Extract
    from projections.extracts.linter import Leak

__all__ = [
    "SUFFIXES",
    "Cutting",
    "Draft",
    "codes_of",
    "cut_again",
    "cut_extract",
    "must_be_of_this_ledger",
    "read_extract",
    "refuse_incomplete",
    "refuse_leaks",
    "write_extract",
]

SUFFIXES: Final = (".json", ".xlsx", ".docx", ".csv", ".pdf")
"""The kinds of files that an extract can be written to, by the end of the name."""

_LEAKS: Final = {
    "identity_number": "身份证号码",
    "mobile_number": "手机号码",
    "bank_card": "银行卡号",
    "vault_name": "保密库中的姓名",
    "vault_identity": "保密库中的身份证号",
    "vault_phone": "保密库中的电话",
    "vault_account": "保密库中的银行账号",
}
_CLOSED: Final = {
    "unreadable": "读不出其中的内容",
    "archive_unreadable": "压缩内容损坏、加密或藏有别的内容",
    "archive_too_deep": "嵌套过深的压缩内容",
}
_LARGEST: Final = 64 * 2**20
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that was read: its file, the bytes that its fingerprint is of, and what they say."""

    path: Path
    data: bytes
    says: Drafted


@dataclass(frozen=True, slots=True)
class Cutting:
    """Which notice is to be cut."""

    template: str
    area: str | None
    year: int | None
    place: str = ""
    as_of: date | None = None
    known_at: int | datetime | None = None
    notes: Sequence[str] = ()


def cut_extract(settings: Settings, cutting: Cutting) -> Extract:
    """Cut a notice from the ledger. Raises LedgerError."""
    from projections.extracts.templates import cut
    from projections.scope import Question, home_area

    with open_facts(settings) as engine:
        area = cutting.area or home_area(engine) or ""
        question = Question(area, cutting.year, as_of=cutting.as_of, known_at=cutting.known_at)
        return cut(engine, cutting.template, question, place=cutting.place, notes=cutting.notes)


def cut_again(settings: Settings, says: Drafted) -> Extract:
    """Cut what a draft says it is, at its own position and day. Raises LedgerError."""
    how = Cutting(says.template, says.area, says.year, says.place, says.as_of, says.position, says.notes)
    return cut_extract(settings, how)


def write_extract(extract: Extract, path: Path) -> None:
    """Write the extract in the form that the name asks for; a file that carries personal data is never written.

    Raises:
        ValueRefusedError: no such form, or the means for it are not installed. RuleRefusedError: as ``refuse_leaks``.
    """
    codes, suffix = codes_of(extract), path.suffix.lower()
    if suffix == ".pdf":
        from projections.site.paper import paper, paper_page

        page = paper_page(extract)
        refuse_leaks(f"{path.stem}.html", page, codes)
        data = paper(page)
    else:
        data = _bytes(extract, suffix)
        refuse_leaks(path.name, data, codes)
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        waiting.write_bytes(data)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def codes_of(extract: Extract) -> list[str]:
    """Return the codes of an extract's lines, which may look like bank cards and are none."""
    return [str(line.values[each.key]) for line in extract.lines for each in extract.columns if each.kind == "code"]


def refuse_leaks(name: str, data: bytes, codes: Sequence[str] = ()) -> None:
    """Refuse a file with personal data in any disguise, and one that cannot be read. ``codes`` may look like cards.

    With ``--with-vault`` the values of the vault are personal data too.

    Raises RuleRefusedError: names kind and place, never the data.
    """
    from projections.extracts.linter import leaks_in

    found = leaks_in(name, data, codes, vault_people())
    personal = [leak for leak in found if leak.kind in _LEAKS]
    if personal:
        raise RuleRefusedError(
            "extract.personal_data",
            f"文件中有个人信息,已阻断,什么也没有写出:{_places(personal)}",
            hint="请更正账本中带个人信息的文字,或从说明中删去后重做",
            rule="个人信息保护法第二十八条;政府信息公开条例第十五条",
        )
    if found:
        raise RuleRefusedError(
            "extract.closed",
            f"读不出,不能放行:{_places(found)}",
            hint="PDF、旧版 Office 和压缩文件请检查它的原稿(.docx、.xlsx、.csv、.html);图片请由人看过后另行公开",
            rule="个人信息保护法第二十八条;政府信息公开条例第十五条",
        )


def _places(leaks: Sequence[Leak]) -> str:
    words = _LEAKS | _CLOSED
    return ";".join(f"{leak.where}:{words[leak.kind]}" for leak in leaks[:_SHOWN])


def refuse_incomplete(settings: Settings, name: str, extract: Extract) -> None:
    """Refuse a notice that does not show what the rules ask it to show.

    Raises:
        RuleRefusedError: names the fields, and the document that asks for them.
    """
    from projections.extracts.required import missing_from

    with open_facts(settings) as engine:
        missing = missing_from(engine, extract)
    if not missing:
        return
    fields = "、".join(dict.fromkeys(each.note for each in missing))
    notes = " ".join(dict.fromkeys(f"--note {each.note}:…" for each in missing))
    rule = extract.about["rule"] or {"id": "", "version": ""}
    sources = ";".join(dict.fromkeys(f"[[disclosure]] {each.duty}:{each.source}" for each in missing))
    raise RuleRefusedError(
        "notice.incomplete",
        f"{name} 没有写明应公开的:{fields}",
        hint=f"重新起草时逐项加上说明:xianjie notice draft … {notes}(责任人写单位和岗位,不写人名)",
        rule=f"规则包 {rule['id']} {rule['version']} {sources}",
    )


def read_extract(path: Path) -> Draft:
    """Read a draft or published extract (JSON) back.

    Raises:
        ValueRefusedError: not a file of ours.
    """
    from projections.extracts.drafted import drafted

    if path.stat().st_size > _LARGEST:
        raise ValueRefusedError(
            "extract.unreadable",
            f"{path.name} 不是公示草稿:文件太大",
            hint="草稿由 xianjie notice draft 写成 .json 文件",
            where=str(path),
        )
    data = path.read_bytes()
    return Draft(path, data, drafted(path, data))


def must_be_of_this_ledger(settings: Settings, draft: Draft) -> Extract:
    """Return the extract that the ledger gives where the draft says it was cut, byte for byte the draft.

    Raises:
        RuleRefusedError: the ledger says something else there.
    """
    from projections.extracts.extract import canonical

    again = cut_again(settings, draft.says)
    if canonical(again.as_json()) != draft.data:
        name = draft.path.name
        raise RuleRefusedError(
            "extract.differs",
            f"{name} 与账本第 {draft.says.position} 号时的内容不符,不能批准,也不能登记公开",
            hint=f"哪里不符:xianjie notice verify {name};请以账本重新起草",
            rule="R27",
        )
    return again


def _bytes(extract: Extract, suffix: str) -> bytes:
    from projections.extracts.extract import canonical

    match suffix:
        case ".json":
            return canonical(extract.as_json())
        case ".xlsx":
            from projections.extracts.workbook import workbook

            return workbook(extract)
        case ".docx":
            from projections.extracts.document import document

            return document(extract)
        case ".csv":
            from projections.extracts.package import csv_bytes

            return csv_bytes(extract)
        case _:
            raise ValueRefusedError(
                "extract.suffix", f"不会写“{suffix or '没有后缀'}”这种文件", hint=f"可用的后缀:{'、'.join(SUFFIXES)}"
            )
