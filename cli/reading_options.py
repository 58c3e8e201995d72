"""How a file is to be read, as flags: what a profile would say, or says once it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from typing_extensions import override

from cli.params import TEXT, Choice
from ledger.characters import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.intake.heads.profiles import Profile

__all__ = ["KINDS", "Wishes", "reading_options"]

KINDS = {
    "tranches": "资金下达",
    "distributions": "资金分解",
    "declarations": "项目申报",
    "projects": "项目入库",
    "amendments": "项目变更",
    "allocations": "资金安排",
    "adjustments": "资金调整",
    "recoveries": "资金收回",
    "payments": "资金拨付",
    "milestones": "项目环节",
    "assets": "资产",
    "stocktake": "资产清查",
    "rights": "五权",
    "disposals": "资产处置",
    "losses": "资产损失",
    "contracts": "经营合同",
    "receipts": "合同收款和终止",
    "care": "资产运行和管护",
    "income": "收益",
    "income_rules": "收益分配办法",
    "documents": "文件",
    "notices": "公示公告",
    "findings": "整改问题",
    "arrears": "拖欠",
    "indicators": "目标指标",
    "submissions": "报告报送",
    "areas": "行政区划",
    "published": "公布数",
    "published_table": "公布的进度表",
}
_KIND_HELP = "种类:" + "、".join(f"{name}({zh})" for name, zh in KINDS.items()) + ";已保存格式的表不必指明"
_UNITS = {"yuan": "元", "wan": "万元", "yi": "亿元"}


class _Pair(click.ParamType[tuple[str, str]]):
    """Two texts with an equals sign between them."""

    def __init__(self, name: str) -> None:
        self.name = name

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        left, sign, right = str(value).replace("＝", "=", 1).partition("=")
        if not (sign and left.strip() and right.strip()):
            raise click.BadParameter(f"不能是{quoted(value)};应写作 {self.name}", ctx, param)
        return left.strip(), right.strip()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the flags say about reading a file."""

    kind: str | None
    sheet: str | None
    profile: str | None
    unit: str | None
    columns: tuple[tuple[str, str], ...]
    constants: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]
    ignore: tuple[str, ...]

    def as_profile(self) -> Profile:
        """Return the named profile, or an empty one, with the flags on top.

        Raises:
            NotFoundError, StorageError, ValueRefusedError: the named profile is not there or cannot be read.
            click.BadParameter: a word is not of the form 列名:词=值.
        """
        from cli.intake.heads.profiles import Profile, load_profile
        from cli.intake.opening import merged

        words: dict[str, dict[str, str]] = {}
        for place, meaning in self.words:
            column, sign, word = place.replace("：", ":", 1).partition(":")
            if not (sign and column and word):
                raise click.BadParameter(f"不能是{quoted(place)};应写作 列名:表内的词=值", param_hint="--word")
            words.setdefault(column, {})[word] = meaning
        given = Profile(
            unit=_UNITS.get(self.unit or "", ""),  # type: ignore[arg-type]  # one of the words of the field, by the table above
            columns=dict(self.columns),
            constants=dict(self.constants),
            words=words,
            ignore=self.ignore,
        )
        return merged(load_profile(self.profile), given) if self.profile else given


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every verb that reads a file; the command gets them as ``wishes``."""

    @click.option("--kind", type=Choice(KINDS), metavar="种类", help=_KIND_HELP)
    @click.option("--sheet", type=TEXT, help="工作表名称,默认为第一张认得出表头的")
    @click.option("--profile", type=TEXT, help="用已保存的格式;不指明时按表头自动选用")
    @click.option("--unit", type=Choice(_UNITS), help="表内没有写明单位时,金额的单位:yuan(元)、wan(万元)、yi(亿元)")
    @click.option("--map", "columns", type=_Pair("列名=表头"), multiple=True, help="指明一列,如 金额=本次拨付;可多次")
    @click.option("--set", "constants", type=_Pair("列名=值"), multiple=True, help="表内没有的一列取定值;可多次")
    @click.option("--word", "words", type=_Pair("列名:词=值"), multiple=True, help="表内的词所指的值;可多次")
    @click.option("--ignore", type=TEXT, multiple=True, help="不读入的一列,写其表头;可多次")
    @wraps(command)
    def with_wishes(
        *args: Any,  # noqa: ANN401 - handed on as they are
        kind: str | None,
        sheet: str | None,
        profile: str | None,
        unit: str | None,
        columns: tuple[tuple[str, str], ...],
        constants: tuple[tuple[str, str], ...],
        words: tuple[tuple[str, str], ...],
        ignore: tuple[str, ...],
        **values: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - whatever the command returns
        wishes = Wishes(kind, sheet, profile, unit, columns, constants, words, ignore)
        return command(*args, wishes=wishes, **values)

    return with_wishes
