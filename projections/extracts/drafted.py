"""A draft read back from its file: nothing of it is trusted before it is checked to be of the right kind.

Whether the ledger says the same is another question: it is cut again for that. A value too much is not refused here,
so that ``notice verify`` can name it as a difference.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations when the class is made
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ledger.codes import NoticeTemplate
from ledger.errors import ValueRefusedError
from ledger.events.base import AreaCode, Name, Text, Year  # noqa: TC001 - as above

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Drafted", "drafted"]

_Place = Annotated[str, StringConstraints(pattern=r"^([0-9]{9}|[0-9]{12})?$")]

_LARGEST_POSITION: Final = 2**63 - 1  # what the databases can hold

_NAMES: Final = {
    "format": "格式",
    "template": "种类",
    "title": "标题",
    "area": "地区代码",
    "place": "乡镇或村代码",
    "year": "年度",
    "as_of": "截至日期",
    "position": "账本位置",
    "columns": "栏目",
    "lines": "行",
    "subjects": "公开的对象",
    "notes": "说明",
}


class DraftedColumn(BaseModel):
    """A column as the file names it; whether the template has it is found out by cutting again."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", hide_input_in_errors=True)

    key: str
    name: str
    kind: str


class Drafted(BaseModel):
    """What an extract's JSON says, in the order of ``Extract.as_json``; meanings and units stand there."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", hide_input_in_errors=True)

    format: Literal["xianjie.extract.1"]
    template: NoticeTemplate
    title: Name
    area: AreaCode
    place: _Place
    year: Year | None
    as_of: date
    position: int = Field(ge=0, le=_LARGEST_POSITION)
    columns: tuple[DraftedColumn, ...]
    lines: tuple[dict[str, Any], ...]
    subjects: tuple[str, ...]
    notes: tuple[Text, ...]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the lines, which may look like bank cards and are none."""
        keys = {each.key for each in self.columns if each.kind == "code"}
        return [str(line[key]) for line in self.lines for key in keys if line.get(key)]

    def as_json(self) -> dict[str, Any]:
        """Return everything that the file says, values too many included."""
        return self.model_dump(mode="json")


def drafted(path: Path, data: bytes) -> Drafted:
    """Return what the bytes of a draft say.

    Raises:
        ValueRefusedError: it is not one; the message names the first field that is missing or of another kind.
    """
    try:
        return Drafted.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise ValueRefusedError(
            "extract.unreadable",
            f"{path.name} 不是公示草稿:{_why(first['type'], first['loc'])}",
            hint="草稿由 xianjie notice draft 写成 .json 文件,不要改动;请以账本重新起草",
            where=str(path),
        ) from None


def _why(kind: str, place: tuple[int | str, ...]) -> str:
    if not place:
        return "不是 JSON"
    field, *within = (str(part) for part in place)
    where = f"{_NAMES.get(field, field)}({'.'.join((field, *within))})"
    match kind:
        case "missing":
            return f"缺少{where}"
        case "literal_error":
            return f"{where}应为 xianjie.extract.1"
        case "enum":
            return f"{where}不是公示的一种,可用:{'、'.join(NoticeTemplate)}"
        case "string_pattern_mismatch":
            return f"{where}不是六位、九位或十二位的区划代码"
        case _ if field == "as_of":
            return f"{where}不是日期(应写成 2022-12-31)"
        case _:
            return f"{where}的值不可接受"
