"""What the verbs of ``xianjie notice`` share: the options of a publication, drafts, and how answers are shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import click

from cli.output import Table, display, show
from cli.params import DATE, FILE, TEXT, code_option
from cli.reports.asking import answering, show_answer, source_words, title
from cli.vault_values import vault_option
from cli.words import code_name
from ledger.codes import NoticeTemplate, parse_code
from ledger.errors import RuleRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.context import Settings
    from cli.reports.asking import Asked
    from projections.extracts.extract import Extract

__all__ = [
    "check_draft",
    "show_disclosure",
    "show_extract",
    "show_verified",
    "shown_options",
    "with_draft",
]

_TEMPLATES: Final = "、".join(f"{each.value}({each.zh})" for each in NoticeTemplate)

_STATES: Final = {"met": "已公开", "waiting": "待公开", "missing": "未公开", "late": "迟公开", "short": "天数不足"}
_BY: Final = {"village": "村", "town": "乡镇", "county": "县", "city": "市", "province": "省"}
_MOMENTS: Final = {
    "distributed": "分解下达",
    "allocated": "安排到项目",
    "planned": "列入计划",
    "approved": "批复",
    "listed": "入库",
    "changed": "调整",
    "completed": "完工",
    "created": "形成",
}
_DIFFERENCES: Final = 20
_DRAFTED: Final = {
    "template": "种类",
    "title": "标题",
    "area": "地区",
    "subjects": "公开的对象",
    "content_hash": "内容指纹",
}
"""What a draft says and a flag may say too."""


def shown_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what was published, where and how long; ``--file`` takes what it can from a draft."""
    for option in (
        vault_option,
        click.option("--file", type=FILE, help="公开的草稿(notice draft 写成的 .json)"),
        click.option("--content-hash", "content_hash", type=TEXT, help="公示内容的 SHA-256,64 位十六进制"),
        click.option("--to", "to_on", type=DATE, help="公示截止日(含);长期公开的不填"),
        click.option("--from", "from_on", type=DATE, required=True, help="公示起始日"),
        code_option("--channel", "channel", "公示渠道:政府网站、村公示栏 等", required=True),
        click.option("--subject", "subjects", type=TEXT, multiple=True, help="公示的批次、项目或资产编号,可重复"),
        click.option("--area", type=TEXT, help="公示的地区,六位代码"),
        click.option("--title", type=TEXT, help="标题"),
        code_option("--template", "template", _TEMPLATES),
    ):
        command = option(command)
    return command


def with_draft(settings: Settings, file: Path | None, values: dict[str, Any]) -> dict[str, Any]:
    """Fill in what the draft says, once the ledger was found to say the same; a flag may repeat it and no more.

    Raises:
        ValueRefusedError: the file is not a draft.
        RuleRefusedError: it carries personal data, is not what the ledger gives, does not show what the rules ask for,
            or a flag contradicts it.
    """
    if file is None:
        return values
    from cli.extracts import must_be_of_this_ledger, read_extract, refuse_incomplete, refuse_leaks

    draft = read_extract(file)
    says = draft.says
    refuse_leaks(file.name, draft.data, says.codes)
    again = must_be_of_this_ledger(settings, draft)
    refuse_incomplete(settings, file.name, again)
    drafted = {
        "template": says.template.value,
        "title": says.title,
        "area": says.area,
        "subjects": says.subjects,
        "content_hash": again.content_hash,
        "cut_from": says.position,
        "cut": {"as_of": says.as_of, "year": says.year, "place": says.place, "notes": says.notes},
    }
    _must_not_contradict(file, drafted, values)
    return {**values, **drafted}


def _must_not_contradict(file: Path, drafted: dict[str, Any], values: dict[str, Any]) -> None:
    given: dict[str, Any] = {name: values[name] for name in _DRAFTED if values.get(name) not in (None, "", ())}
    if "template" in given:
        given["template"] = parse_code(NoticeTemplate, given["template"]).value
    if "subjects" in given:
        given["subjects"] = tuple(sorted(set(given["subjects"])))
    others = [_DRAFTED[name] for name, value in given.items() if value != drafted[name]]
    if others:
        raise RuleRefusedError(
            "notice.contradicts",
            f"选项写的{'、'.join(others)}与草稿 {file.name} 不同",
            hint="有 --file 时不用再写这些选项;确是另一份公示的,请另行起草:xianjie notice draft",
            rule="R27",
        )


def check_draft(settings: Settings, file: Path) -> None:
    """Check that a draft is what the ledger gives and shows what the rules ask for; other files say nothing of that.

    Raises RuleRefusedError, ValueRefusedError.
    """
    from cli.extracts import must_be_of_this_ledger, read_extract, refuse_incomplete
    from projections.extracts.extract import FORMAT

    with file.open("rb") as given:
        ours = FORMAT.encode() in given.read(len(FORMAT) * 2)
    if ours:
        refuse_incomplete(settings, file.name, must_be_of_this_ledger(settings, read_extract(file)))


def show_extract(settings: Settings, extract: Extract) -> None:
    """Print a notice as it would be published, or write it to the file of ``-o``; never with personal data.

    Raises RuleRefusedError.
    """
    from cli.extracts import codes_of, refuse_leaks
    from projections.extracts.extract import canonical
    from projections.extracts.shown import foot, numeric, table, total_row

    path = display().path
    refuse_leaks(path.name if path else "预览", canonical(extract.as_json()), codes_of(extract))
    heads = [f">{column.name}" if numeric(column) else column.name for column in extract.columns]
    rows = list(table(extract))
    if (totals := total_row(extract)) is not None and rows:
        rows.append(totals)
    show(settings.format, extract.as_json(), Table(heads, rows, extract.title, foot(extract)))


def show_verified(settings: Settings, path: Path) -> None:
    """Cut an extract again as its file says, and compare line by line.

    Raises:
        RuleRefusedError: the file is not what the ledger said at that position; the differing lines are printed before.
    """
    from cli.extracts import cut_again, read_extract
    from projections.extracts.extract import canonical

    draft = read_extract(path)
    position = draft.says.position
    again = cut_again(settings, draft.says)
    data = again.as_json()
    if canonical(data) == draft.data:
        answer = {"file": str(path), "matches": True, "content_hash": again.content_hash, "differences": []}
        words = f"{path.name} 与账本第 {position} 号时的内容逐字相符({len(again.lines)} 行)"
        show(settings.format, answer, Table(("结论",), [], words, [f"内容指纹 {again.content_hash}"]))
        return
    differences = _differences(draft.says.as_json(), data)
    rows = [[where, _words(here), _words(there)] for where, here, there in differences[:_DIFFERENCES]]
    answer = {
        "file": str(path),
        "matches": False,
        "content_hash": again.content_hash,
        "differences": [{"where": where, "file": here, "ledger": there} for where, here, there in differences],
    }
    show(settings.format, answer, Table(("位置", "文件", "账本"), rows, f"{path.name} 与账本不符"))
    raise RuleRefusedError(
        "extract.differs",
        f"{path.name} 与账本第 {position} 号时的内容有 {len(differences)} 处不符",
        hint="公开后被改动过,或不是由本账本写成;请以账本重新起草:xianjie notice draft",
        rule="R27",
    )


def show_disclosure(asked: Asked, *, everything: bool) -> None:
    """Print the duties to publish that are not met, and their numbers by duty."""
    from projections.reports.disclosure import disclosure

    with answering(asked) as (engine, question):
        answer = disclosure(engine, question, everything=everything)
    rows = [
        [
            _STATES[row.state],
            code_name("template", row.template),
            _BY[row.by],
            row.subject,
            row.place.area_name,
            f"{_MOMENTS.get(row.moment, row.moment)} {row.moment_on}",
            f"{row.due_on or ''}{'(暂定)' if row.provisional else ''}",
            row.published_on or "",
            str(row.days_late or ""),
        ]
        for row in answer.rows
    ]
    heads = ("状态", "公示种类", "公开主体", "对象", "地区", "起算", "期限", "公开日", ">迟几天")
    states: Any = answer.more["states"]
    counted = [[each["duty"], *(str(each[state]) for state in _STATES)] for each in states]
    sources = sorted({(row.duty, source_words(row.source)) for row in answer.rows})
    notes = [f"{duty}:{source}" for duty, source in sources]
    below = Table(("义务", *(f">{words}" for words in _STATES.values())), counted, "按义务汇总(项)", notes)
    show_answer(asked, answer, Table(heads, rows, title("应公开事项", answer)), below)


def _differences(given: dict[str, Any], again: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return where a file and the ledger differ: each head field, then each line."""
    found = [
        (key, given.get(key), again.get(key))
        for key in dict.fromkeys([*given, *again])
        if key != "lines" and given.get(key) != again.get(key)
    ]
    here, there = given["lines"], again["lines"]
    for number in range(max(len(here), len(there))):
        one = here[number] if number < len(here) else None
        other = there[number] if number < len(there) else None
        if one != other:
            keys = [key for key in dict.fromkeys([*(one or {}), *(other or {})]) if _of(one, key) != _of(other, key)]
            found += [(f"第 {number + 1} 行 {key}", _of(one, key), _of(other, key)) for key in keys]
    return found or [("(空白、顺序或写法)", "", "")]


def _of(line: Any, key: str) -> Any:  # noqa: ANN401 - whatever the file says
    return line.get(key) if isinstance(line, dict) else None


def _words(value: Any) -> str:  # noqa: ANN401 - as above
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:60]
