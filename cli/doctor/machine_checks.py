"""What the computer tells: its disks, permissions, time zone, Python and packages, terminal and fonts."""

from __future__ import annotations

import locale
import os
import shutil
import sqlite3
import stat
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.doctor.symptom import Symptom, bad, fine, odd
from cli.help import display_width

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["examine_disk", "examine_machine", "examine_permissions"]

_CHINA_SECONDS: Final = -8 * 3600  # time.timezone counts westwards
_SPARE_BYTES: Final = 100_000_000
_OLDEST_SQLITE: Final = (3, 37)  # STRICT tables
_FONT_FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "C:/Windows/Fonts",
)
_FONT_NAMES: Final = (
    "noto*cjk*",
    "*sourcehan*",
    "wqy*",
    "simsun*",
    "simhei*",
    "msyh*",
    "*fangsong*",
    "uming*",
    "*heiti*",
)
_SAMPLE: Final = "衔接账本"


def examine_disk(database: Path) -> Iterator[Symptom]:
    """Look at the disk on which the ledger lies."""
    from ledger.disks import file_system_of, is_network_disk, network_disk_allowed

    kind = file_system_of(database)
    if is_network_disk(kind):
        hint = "请移到本机磁盘,或改用 PostgreSQL"
        said = odd if network_disk_allowed() else bad
        yield said("network_disk", "磁盘种类", f"账本在网络盘或共享目录({kind})上", hint)
    else:
        yield fine("network_disk", "磁盘种类", kind or "本机磁盘")
    free, size = shutil.disk_usage(database.parent).free, database.stat().st_size
    if free < size + _SPARE_BYTES:
        message = f"只剩 {free // 1_000_000} MB,不够再放一份账本({size // 1_000_000} MB)"
        yield bad("space", "磁盘空间", message, "请腾出空间,或把备份放到别的磁盘")
    else:
        yield fine("space", "磁盘空间", f"还有 {free // 1_000_000} MB")
    log = Path(f"{database}-wal")
    if log.exists() and log.stat().st_size > _SPARE_BYTES:
        message = f"{log.name} 有 {log.stat().st_size // 1_000_000} MB 没有并回账本"
        yield odd("wal", "写前日志", message, "请关闭长时间开着的报表程序;千万不要单独删除或漏拷这个文件")


def examine_permissions(database: Path) -> Iterator[Symptom]:
    """Look at who may read and write the files of the ledger."""
    if not os.access(database, os.W_OK) or not os.access(database.parent, os.W_OK):
        yield odd("writable", "写权限", f"{database} 或所在目录不可写:只能查看,不能记账", "记账的人请核对权限")
    else:
        yield fine("writable", "写权限", "可以记账")
    if os.name != "posix":
        return
    loose = [
        path.name
        for path in sorted(database.parent.glob(f"{database.name}*"))
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & (0o077 if path.name.endswith(".vault") else 0o002)
    ]
    if loose:
        hint = "请运行 chmod o-w(账本)或 chmod 600(保密库)"
        yield bad("permissions", "文件权限", f"别人也能改动或读取:{'、'.join(loose)}", hint)
    else:
        yield fine("permissions", "文件权限", "只有自己(和同组)能改动")


def examine_machine() -> Iterator[Symptom]:
    """Look at what does not depend on the ledger."""
    yield from _zone()
    yield from _packages()
    yield from _encodings()
    yield from _fonts()


def _zone() -> Iterator[Symptom]:
    if time.timezone == _CHINA_SECONDS:
        yield fine("zone", "时区", "北京时间")
    else:
        message = f"电脑不在北京时间(与 UTC 相差 {-time.timezone // 3600} 小时)"
        yield odd("zone", "时区", message, "账本总按北京时间显示,不影响记账;建议设为 Asia/Shanghai")


def _packages() -> Iterator[Symptom]:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        yield bad("sqlite", "SQLite", f"版本 {sqlite3.sqlite_version} 太旧", "请安装官方的 Python 3.11 以上")
    else:
        yield fine("sqlite", "SQLite", sqlite3.sqlite_version)
    missing = []
    for requirement in metadata.requires("xianjie-ledger") or ():
        name, _, condition = requirement.partition(";")
        if condition:  # an extra, or another system
            continue
        plain = name.split("<")[0].split(">")[0].split("=")[0].split("[")[0].strip()
        try:
            metadata.version(plain)
        except metadata.PackageNotFoundError:
            missing.append(plain)
    version = f"xianjie {metadata.version('xianjie-ledger')},Python {sys.version.partition(' ')[0]}"
    if missing:
        yield bad("packages", "程序和库", f"{version};缺少 {'、'.join(missing)}", "请按安装与维护第一节重新安装")
    else:
        yield fine("packages", "程序和库", version)


def _encodings() -> Iterator[Symptom]:
    names = {"终端输出": sys.stdout.encoding or "", "文件名": sys.getfilesystemencoding()}
    wrong = [f"{what} {name}" for what, name in names.items() if not _can_write(name)]
    if wrong:
        yield bad("encoding", "文字编码", f"写不出中文:{'、'.join(wrong)}", "请设 PYTHONUTF8=1,或把系统区域设为中文")
    else:
        yield fine("encoding", "文字编码", f"{names['终端输出']}({locale.getlocale()[0] or 'C'})")
    columns = shutil.get_terminal_size().columns
    if sys.stdout.isatty() and columns < 10 * display_width(_SAMPLE):
        yield odd("terminal", "终端宽度", f"只有 {columns} 列", "窄于 80 列时表格会折行,请拉宽窗口")


def _can_write(encoding: str) -> bool:
    try:
        _SAMPLE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _fonts() -> Iterator[Symptom]:
    for folder in map(Path, map(os.path.expanduser, _FONT_FOLDERS)):
        if folder.is_dir() and any(
            next(folder.rglob(pattern, **_ANY_CASE), None) is not None for pattern in _FONT_NAMES
        ):
            yield fine("fonts", "中文字体", f"在 {folder}")
            return
    yield odd("fonts", "中文字体", "没有找到中文字体", "只影响本机打印和转 PDF;可安装 fonts-noto-cjk 或思源字体")


_ANY_CASE: Final[dict[str, bool]] = {"case_sensitive": False} if sys.version_info >= (3, 12) else {}
