"""The types of values on the command line.

A value that is not what its flag asks for (a word outside a short list, a number that is none) is wrong usage; a value
that cannot be taken into a ledger (money finer than a fen, a day that does not exist) is refused like everywhere else,
with the error of the leaf that read it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem
from typing_extensions import override

from cli.dues import parse_due, parse_month_days
from cli.holders import parse_holder, parse_owner
from cli.payees import parse_amount_line, parse_share_line
from cli.records import parse_financing, parse_target
from cli.values import parse_day_or_moment, parse_moment_or_position, parse_year, parse_yes_no
from ledger.characters import half_width, quoted
from ledger.dates import parse_date
from ledger.errors import LedgerError
from ledger.money import Unit, parse_positive_money

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "AMOUNT_LINE",
    "DATE",
    "DAY_OR_MOMENT",
    "DUE",
    "FIELD_VALUE",
    "FILE",
    "FINANCING",
    "HOLDER",
    "MOMENT",
    "MONEY",
    "MONTH_DAYS",
    "OWNER",
    "SHARE_LINE",
    "TARGET",
    "TEXT",
    "WHOLE",
    "YEAR",
    "YES_NO",
    "Choice",
    "code_option",
    "money_option",
    "unit_option",
]

F = TypeVar("F", bound="Callable[..., Any]")

_UNITS = {"yuan": Unit.YUAN, "wan": Unit.WAN, "yi": Unit.YI}
_UNIT_KEY = "cli.params.unit"


class Choice(click.ParamType[str]):
    """One of a few English words, each with its Chinese meaning; the Chinese is accepted too."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words
        self.name = "|".join(words)

    @override
    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return self.name

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        plain = half_width(str(value))
        for word, meaning in self.words.items():
            if plain in (word, meaning):
                return word
        accepted = "、".join(f"{word}({meaning})" for word, meaning in self.words.items())
        raise click.BadParameter(f"不能是{quoted(value)};可填:{accepted}", ctx, param)

    @override
    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        return [CompletionItem(word, help=zh) for word, zh in self.words.items() if word.startswith(incomplete)]


class _Read(click.ParamType[Any]):
    """A value read by a function of the ledger; what that refuses is located at the flag."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name = name
        self._read = read

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._read(value)
        except LedgerError as error:
            raise error.at(param.opts[0] if param else self.name) from None

    @override
    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from cli.completing import complete_code

        return complete_code(ctx, param, incomplete)


class _Money(_Read):
    """An amount in the unit that ``--unit`` names."""

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        unit = _UNITS[ctx.meta.get(_UNIT_KEY, "yuan")] if ctx else Unit.YUAN
        return _Read(self.name, lambda text: parse_positive_money(text, unit)).convert(value, param, ctx)


class _Whole(click.ParamType[int]):
    name = "整数"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        plain = half_width(str(value))
        if not (plain.isascii() and plain.isdigit() and len(plain) <= len(str(2**62))):
            raise click.BadParameter(f"不能是{quoted(value)};应为不小于零的整数", ctx, param)
        return int(plain)


AMOUNT_LINE = _Read("编号:金额", parse_amount_line)
DATE = _Read("日期", parse_date)
DAY_OR_MOMENT = _Read("日期|序号|时间", parse_day_or_moment)
DUE = _Read("日期:金额[:款项]", parse_due)
FIELD_VALUE = _Read("字段=值", str)
FINANCING = _Read("类别:级次:金额", parse_financing)
HOLDER = _Read("编号:类别:份额[:名称]", parse_holder)
MOMENT = _Read("序号|时间", parse_moment_or_position)
MONEY = _Money("金额", parse_positive_money)
MONTH_DAYS = _Read("月-日,…", parse_month_days)
SHARE_LINE = _Read("编号:名称:份额", parse_share_line)
OWNER = _Read("编号:类别[:份额[:名称]]", parse_owner)
TARGET = _Read("指标:值[:单位]", parse_target)
TEXT = _Read("文字", str)
FILE = _Read("文件", Path)
WHOLE = _Whole()
YEAR = _Read("年度", parse_year)
YES_NO = _Read("是|否", parse_yes_no)


def unit_option(command: F) -> F:
    """Add ``--unit``: what a bare number of money counts."""

    def keep(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value:
            ctx.meta[_UNIT_KEY] = value

    words = {"yuan": "元", "wan": "万元", "yi": "亿元"}
    option = click.option(
        "--unit",
        "_money_unit",
        type=Choice(words),
        is_eager=True,
        expose_value=False,
        callback=keep,
        help="金额单位,默认为元",
    )
    return option(command)


def money_option(flag: str, field: str, help: str, *, required: bool = True) -> Callable[[F], F]:  # noqa: A002 - click's word
    """Add an amount of money and ``--unit``."""

    def add(command: F) -> F:
        text = f"{help},如 1250000、125万元、人民币大写"
        return click.option(flag, field, type=MONEY, required=required, help=text)(unit_option(command))

    return add


def code_option(flag: str, field: str, help: str, *, required: bool = False) -> Callable[[F], F]:  # noqa: A002 - click's word
    """Add a word of a code list, as its code or its Chinese name; the command checks it."""
    return click.option(flag, field, type=_Read("代码或名称", str), required=required, help=help)
