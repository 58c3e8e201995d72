"""What every command is: an operator's intent, checked at the door.

A command carries typed values (fen, dates, codes); its text fields are cleaned of surrounding blanks and refuse
control characters and personal data. Whether it may happen is decided by the ``decide_*`` functions.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ledger.codes import Code, parse_code
from ledger.errors import ValueRefusedError
from ledger.privacy import refuse_personal_data

__all__ = [
    "Amount",
    "AreaRef",
    "Command",
    "Day",
    "Fen",
    "FileHash",
    "Filled",
    "Flag",
    "Ident",
    "Line",
    "Prose",
    "TownRef",
    "VillageRef",
    "Year",
    "coded",
]

_IDENT = re.compile(r"[^\s\x00-\x1f\x7f:/\\]{1,64}")
_REMEMBERED = 2_000  # texts: a cell is checked as it is read and once more as part of its command
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@lru_cache(maxsize=_REMEMBERED)
def _ident(value: str) -> str:
    refuse_personal_data(value)  # first of all: the messages below repeat what they refuse
    if not _IDENT.fullmatch(value):
        raise ValueRefusedError(
            "ident.malformed",
            f"编号“{value[:40]}”不合要求:应为1至64个字符,不含空白、冒号和斜线",
            hint="请核对编号",
        )
    return value


@lru_cache(maxsize=_REMEMBERED)
def _line(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueRefusedError(
            "text.control_character", "文字中含有不可见的控制字符", hint="请重新输入,不要从网页直接粘贴"
        )
    return refuse_personal_data(value)


def _digits(length: int, *, optional: bool) -> AfterValidator:
    def check(value: str) -> str:
        refuse_personal_data(value)
        if (optional and not value) or (value.isascii() and value.isdigit() and len(value) == length):
            return value
        raise ValueRefusedError("area.malformed", f"区划代码“{value[:20]}”应为{length}位数字", hint="请核对区划代码")

    return AfterValidator(check)


def _not_a_number(value: object) -> object:
    if isinstance(value, int | float):  # pydantic would read it as seconds since 1970
        raise ValueRefusedError("date.not_a_date", f"{value} 不是日期", hint="日期写作 2022-04-08")
    return value


def coded(codes: type[Code]) -> AfterValidator:
    """Return the check that turns a code or its Chinese name into the code, and refuses everything else."""
    return AfterValidator(lambda text: parse_code(codes, refuse_personal_data(text)).value)


Fen = Annotated[int, Field(gt=0, le=10**15, strict=True)]
Amount = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Ident = Annotated[str, AfterValidator(_ident)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_line)]
Filled = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_line)]
Prose = Annotated[str, Field(max_length=2000), AfterValidator(_line)]
FileHash = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
AreaRef = Annotated[str, _digits(6, optional=False)]
TownRef = Annotated[str, _digits(9, optional=True)]
VillageRef = Annotated[str, _digits(12, optional=True)]
Day = Annotated[date, BeforeValidator(_not_a_number)]
Flag = Annotated[bool, Field(strict=True)]
Year = Annotated[int, Field(ge=2012, le=2100, strict=True)]

_REASONS = {
    "missing": "没有填写",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "too_short": "不能为空",
    "greater_than": "必须大于零",
    "greater_than_equal": "太小",
    "less_than": "太大",
    "less_than_equal": "太大",
    "extra_forbidden": "不是这项登记的内容",
    "int_type": "应为整数",
    "date_from_datetime_parsing": "日期不可读",
    "literal_error": "不在可选值之内",
    "date_type": "应为日期",
    "bool_type": "应为是或否",
    "string_type": "应为文字",
    "string_pattern_mismatch": "格式不对",
}


class Command(BaseModel):
    """An intent of an operator: when it happened, by which document, and the reason where a rule asks for one."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    on: Day
    document: Line = ""
    reason: Line = ""

    @classmethod
    def of(cls, **values: Any) -> Self:  # noqa: ANN401 - values come from a form and are checked right here
        """Build the command from the values of a form.

        Raises:
            ValueRefusedError: a value is missing or not acceptable; ``where`` names the field.
        """
        try:
            return cls.__pydantic_validator__.validate_python(values)  # type: ignore[no-any-return] # it is a cls
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            why = _REASONS.get(first["type"], "不可接受")
            raise ValueRefusedError("command.field", f"{field} {why}", where=field) from None
