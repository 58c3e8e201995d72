"""What an office has once said about a form of its own, kept as a readable file: next month nothing is said again.

A profile is a TOML file in ``XIANJIE_HOME/profiles`` (``~/.xianjie/profiles``). It is found by the signature of the
head, so that it serves every sheet with the same columns. It holds words only: no amounts, nothing personal.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ledger.characters import quoted
from ledger.errors import NotFoundError, StorageError, ValueRefusedError, system_reason

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Profile", "list_profiles", "load_profile", "remove_profile", "save_profile"]

_NAME: Final = re.compile(r"[\w-]{1,40}")
_MOST_BYTES: Final = 2**18


class Profile(BaseModel):
    """How a form is read.

    ``columns`` gives the head in the file for a column of the kind (one head may serve several); ``constants`` the
    value of a column that the form does not have; ``words`` what a word of the form means in a column.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    kind: str = ""
    signature: str = ""
    heads: tuple[str, ...] = ()
    sheet: str = ""
    unit: Literal["", "元", "万元", "亿元"] = ""
    ignore: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}

    @property
    def digest(self) -> str:
        """What tells two ways of reading apart: everything but the name."""
        return self.model_dump_json(exclude={"name", "heads", "signature"}, exclude_defaults=True)


def save_profile(profile: Profile) -> Path:
    """Write a profile that does not exist yet. Raises StorageError, ValueRefusedError."""
    path = _path(profile.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_toml(profile))
    except FileExistsError:
        message = f"格式{quoted(profile.name)}已经存在,没有改动它"
        raise StorageError(
            "import.profile_exists", message, hint="请换一个名称,或先用 xianjie import profile remove 删除"
        ) from None
    except OSError as error:
        message = f"写不出文件{quoted(path)}:{system_reason(error)}"
        raise StorageError("import.file_unwritable", message, hint="请核对目录和权限") from None
    return path


def load_profile(name: str) -> Profile:
    """Read a profile. Raises NotFoundError, StorageError, ValueRefusedError."""
    path = _path(name)
    try:
        text = path.read_bytes()[:_MOST_BYTES].decode("utf-8")
        given = tomllib.loads(text)
    except FileNotFoundError:
        known = "、".join(each.stem for each in _files()) or "还没有"
        raise NotFoundError("import.no_profile", f"没有格式{quoted(name)}", hint=f"现有:{known}") from None
    except OSError as error:
        message = f"读不到文件{quoted(path)}:{system_reason(error)}"
        raise StorageError("import.file_unreadable", message, hint="请核对路径和权限") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad(path, str(error)) from None
    try:
        return Profile(**{**given, "name": name})
    except ValidationError as error:
        raise _bad(path, "、".join(".".join(map(str, each["loc"])) for each in error.errors())) from None


def list_profiles() -> list[Profile]:
    """Return all profiles by name. Raises StorageError, ValueRefusedError."""
    return [load_profile(path.stem) for path in _files()]


def remove_profile(name: str) -> None:
    """Delete a profile. Raises NotFoundError, StorageError, ValueRefusedError."""
    load_profile(name)
    try:
        _path(name).unlink()
    except OSError as error:
        message = f"删不掉文件{quoted(name)}:{system_reason(error)}"
        raise StorageError("import.file_unwritable", message, hint="请核对目录和权限") from None


def _folder() -> Path:
    home = os.environ.get("XIANJIE_HOME")
    return (Path(home) if home else Path.home() / ".xianjie") / "profiles"


def _files() -> list[Path]:
    return sorted(path for path in _folder().glob("*.toml") if _NAME.fullmatch(path.stem))


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueRefusedError(
            "import.profile_name", f"格式名称{quoted(name)}不合要求", hint="1 至 40 个汉字、字母、数字、下划线或连字符"
        )
    return _folder() / f"{name}.toml"


def _toml(profile: Profile) -> str:
    lines = ["# 导入格式,由 xianjie import inspect --save-profile 写出;可以用文本编辑器修改"]
    lines += [f"{key} = {_value(value)}" for key, value in profile.model_dump().items() if _plain(key, value)]
    tables: list[tuple[str, Mapping[str, str]]] = [("columns", profile.columns), ("constants", profile.constants)]
    tables += [(f"words.{_value(column)}", words) for column, words in profile.words.items()]
    for title, table in tables:
        if table:
            lines += ["", f"[{title}]", *(f"{_value(key)} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _plain(key: str, value: object) -> bool:
    return key != "name" and isinstance(value, str | tuple) and bool(value)


def _value(value: object) -> str:
    """Write a text or a list of texts: what JSON writes here is TOML."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _bad(path: Path, what: str) -> ValueRefusedError:
    return ValueRefusedError(
        "import.bad_profile", f"格式文件{quoted(path.name)}有误:{what}", hint="请改正,或删除后重新保存", where=str(path)
    )
