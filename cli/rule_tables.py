"""What a rule pack says, for people as tables and for programs as JSON."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from cli.output import Table, fields_table
from cli.words import SEVERITIES, STAGES, code_name
from ledger.rules.flags import FlagRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.rules.dated import Deadline, Disclosure, Indicator, Target
    from ledger.rules.model import Forbidden, Parameter, ProjectType, Rate, RulePack, SharePair, Threshold
    from ledger.workdays import CalendarYear

__all__ = ["PURPOSES", "pack_json", "pack_tables"]

PURPOSES: Final = {"rules": "规则", "targets": "指标目标"}
_MOMENTS: Final = STAGES | {
    "allocated": "安排资金",
    "published": "公开",
    "monitored": "绩效监控",
    "evaluated": "绩效评价",
    "issued": "下达",
    "received": "收到",
    "distributed": "分解",
    "created": "形成",
    "changed": "变更",
}
_UNITS: Final = {"calendar": "日", "working": "个工作日"}
_PUBLISHERS: Final = {"village": "村", "town": "乡镇", "county": "县", "city": "市", "province": "省"}
_GRADES: Final = {"national": "国家级", "provincial": "省级"}
_DIRECTIONS: Final = {"at_least": "不低于", "at_most": "不高于"}
_LISTS: Final = {
    "thresholds": "thresholds",
    "share_pairs": "share_pairs",
    "rates": "all_rates",
    "targets": "targets",
    "deadlines": "deadlines",
    "due_days": "dues",
    "disclosures": "disclosures",
    "key_areas": "key_areas",
    "parameters": "parameters",
    "forbidden": "forbidden",
    "project_types": "project_types",
    "indicators": "indicators",
    "duties": "duties",
    "incompatible": "incompatible",
    "approvals": "approvals",
    "flags": "flags",
}
"""The lists of the JSON, and where the pack keeps them."""


def pack_json(pack: RulePack) -> dict[str, object]:
    """Return the pack as ``docs/reference/json.md`` says: every item with all of its keys, quantities by their id."""
    head = ("pack", "version", "title", "source", "jurisdiction", "purpose", "extends")
    lists: dict[str, Iterable[object]] = {name: getattr(pack, held) for name, held in _LISTS.items()}
    lists["calendar"] = pack.calendar.years
    return {
        **{key: getattr(pack, key) for key in head},
        **{name: [_item(each) for each in items] for name, items in lists.items()},
    }


def _item(item: Any) -> dict[str, object]:  # noqa: ANN401 - any dataclass of a rule pack
    values = {field.name: getattr(item, field.name) for field in fields(item)}
    if isinstance(item, FlagRule):
        return {**values, "parameters": dict(item.parameters)}
    return {name: _plain(value) for name, value in values.items() if not isinstance(value, Fraction)}


def _plain(value: Any) -> object:  # noqa: ANN401 - any value of an item
    match value:
        case frozenset():
            return sorted(map(_plain, value), key=str)
        case tuple():
            return [_plain(each) for each in value]
        case date():
            return value.isoformat()
        case None | bool() | int() | str():
            return value
        case _:
            return value.id


def pack_tables(pack: RulePack) -> list[Table]:
    """Return a table of what the pack is, and one for each kind of item that it has."""
    head = [
        ("名称", pack.title),
        ("版本", pack.version),
        ("内容", PURPOSES[pack.purpose]),
        ("适用地区", pack.jurisdiction),
        ("扩展自", pack.extends),
        ("出处", pack.source),
    ]
    return [fields_table(f"规则包 {pack.pack}", head), *(table for table in _tables(pack) if table.rows)]


def _tables(pack: RulePack) -> Iterator[Table]:
    def table(title: str, heads: str, row: Callable[[Any], list[str]], items: Sequence[Any]) -> Table:
        return Table((*heads.split(), "出处"), [[*row(each), each.source] for each in items], title)

    yield table("产业占比", "编号 地区 年度 级次 >比例 要求 不低于", _threshold, pack.thresholds)
    yield table("产业占比的口径", "编号 名称 分子 分母 默认", _pair, pack.share_pairs)
    yield table("比率", "组 编号 名称 分子 分母 >小数位", _rate, pack.all_rates)
    yield table("限时目标", "编号 组 比率 期限 >比例 年度 地区", _target, pack.targets)
    yield table("期限", "编号 名称 起 止 >期限 级次 地区", _deadline, pack.deadlines)
    yield table(
        "报送日", "编号 名称 日期 地区", lambda due: [due.id, due.name, _list(due.dates), due.jurisdiction], pack.dues
    )
    yield table("公开要求", "编号 公示种类 谁公开 何时起 >多久内 >至少 渠道 地区", _disclosure, pack.disclosures)
    yield table("重点帮扶县", "地区 级别", lambda each: [each.area, _GRADES[each.grade]], pack.key_areas)
    yield table("工作日历", ">年度 放假 上班", _year, pack.calendar.years)
    yield table("参数", "名称 >值 单位 地区 有效期", _parameter, pack.parameters)
    yield table("负面清单", "编号 名称 词语 项目类型 有效期", _forbidden, pack.forbidden)
    yield table("项目类型", "代码 大类 名称 产业 形成资产 计入四率 到户 有效期", _project_type, pack.project_types)
    yield table("疑点", "编号 名称 程度 启用 参数 地区", _flag, pack.flags)
    yield table("指标", "编号 名称 要求 >目标 单位 期限 地区 条款", _indicator, pack.indicators)


def _threshold(each: Threshold) -> list[str]:
    levels = _list(code_name("level", level) for level in sorted(each.levels))
    firm = "必须" if each.firm else "力争"
    base = f"{each.base_year} 年占比" if each.base_year else ""
    return [each.id, each.jurisdiction, str(each.plan_year), levels, f"{each.percent}%", firm, base]


def _pair(each: SharePair) -> list[str]:
    return [each.id, each.name, each.numerator.name, each.denominator.name, _mark(each.default)]


def _rate(each: Rate) -> list[str]:
    return [each.set, each.id, each.name, each.numerator.name, each.denominator.name, str(each.digits)]


def _target(each: Target) -> list[str]:
    years = _list(map(str, sorted(each.years))) or "每年"
    return [
        each.id,
        each.set,
        each.rate,
        each.by,
        f"{each.percent}%",
        years,
        _list(sorted(each.areas)) or each.jurisdiction,
    ]


def _deadline(each: Deadline) -> list[str]:
    period = f"{each.days} {_UNITS[each.unit]}"
    level = code_name("level", each.level) if each.level else "各级"
    return [each.id, each.name, _MOMENTS[each.start], _MOMENTS[each.end], period, level, each.jurisdiction]


def _disclosure(each: Disclosure) -> list[str]:
    unit = _UNITS[each.unit]
    within, least = (f"{days} {unit}" if days else "" for days in (each.within_days, each.min_days))
    channels = _list(code_name("channel", channel) for channel in sorted(each.channels))
    template, by = code_name("template", each.template), _PUBLISHERS[each.by]
    return [each.id, template, by, _MOMENTS[each.after], within, least, channels, each.jurisdiction]


def _year(each: CalendarYear) -> list[str]:
    return [str(each.year), *(_list(day.isoformat() for day in sorted(days)) for days in (each.off, each.work))]


def _parameter(each: Parameter) -> list[str]:
    return [each.name, str(each.value), each.unit, each.jurisdiction, _validity(each.valid_from, each.valid_to)]


def _forbidden(each: Forbidden) -> list[str]:
    return [each.id, each.name, _list(each.words), _list(sorted(each.types)), _validity(each.valid_from, each.valid_to)]


def _project_type(each: ProjectType) -> list[str]:
    marks = (each.industry, each.forms_asset, each.in_rates, each.to_household)
    validity = _validity(each.valid_from, each.valid_to)
    return [each.code, each.class_name, each.name, *map(_mark, marks), validity]


def _flag(each: FlagRule) -> list[str]:
    parameters = _list(f"{name}={value}" for name, value in each.parameters)
    return [each.id, each.name, SEVERITIES[each.severity], _mark(each.on), parameters, each.jurisdiction]


def _indicator(each: Indicator) -> list[str]:
    asked = [_DIRECTIONS[each.direction], each.target_text, each.unit, each.by.isoformat()]
    return [each.id, each.name, *asked, each.jurisdiction, each.clause]


def _list(texts: Iterable[str]) -> str:
    return "、".join(texts)


def _mark(value: bool) -> str:  # noqa: FBT001 - a cell of a table
    return "是" if value else ""


def _validity(first: date | None, last: date | None) -> str:
    return f"{first or ''} 至 {last or ''}".strip() if first or last else ""
