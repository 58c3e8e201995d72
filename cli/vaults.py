"""Where the vault and its key are, and how personal data comes in: typed at a prompt or read from a file."""

from __future__ import annotations

import csv
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.context import open_ledger
from cli.params import FILE
from cli.passphrases import ask_passphrase
from ledger.errors import StorageError, ValueRefusedError, system_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cli.context import Settings
    from ledger.application import Ledger
    from ledger.vault.custody import Custody, Entry
    from ledger.vault.store import Vault

__all__ = ["Place", "opened_vault", "place_options", "read_people", "typed_person", "unlocked"]

_VAULT: Final = "XIANJIE_VAULT"
_KEY: Final = "XIANJIE_VAULT_KEY"
_KINDS: Final = {"户": "household", "人": "person", "household": "household", "person": "person", "": "household"}
_MOST_BYTES: Final = 20_000_000


class Place:
    """The vault of a ledger, and the sealed file with its key."""

    def __init__(self, vault: Path | None, key_file: Path | None) -> None:
        self._vault = vault
        self._key_file = key_file

    def vault(self, settings: Settings) -> Path:
        """Return the vault's file: the one named, or ``<database>.vault``. Raises StorageError (not on PostgreSQL)."""
        named = self._vault or (Path(os.environ[_VAULT]) if os.environ.get(_VAULT) else None)
        if named is None and "://" in settings.db:
            raise StorageError("vault.unnamed", "没有指明保密库", hint=f"请用 --vault 或环境变量 {_VAULT} 指明文件")
        return named or Path(f"{Path(settings.db).expanduser().absolute()}.vault")

    def key_file(self, settings: Settings) -> Path:
        """Return the sealed file of the key: the one named, or one in the user's folder, never beside the vault."""
        named = self._key_file or (Path(os.environ[_KEY]) if os.environ.get(_KEY) else None)
        home = Path(os.environ.get("XIANJIE_HOME") or Path.home() / ".xianjie")
        return named or home / f"{self.vault(settings).name}-key"


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--vault`` and ``--key-file``; the command is called with a ``Place`` after its settings."""

    @click.option("--vault", "vault_file", type=FILE, help=f"保密库文件,默认为账本文件名加 .vault;环境变量 {_VAULT}")
    @click.option("--key-file", type=FILE, help=f"保密库的密钥文件,默认在用户目录的 .xianjie 中;环境变量 {_KEY}")
    def with_place(*, vault_file: Path | None, key_file: Path | None, **values: object) -> None:
        command(Place(vault_file, key_file), **values)

    with_place.__name__, with_place.__doc__ = command.__name__, command.__doc__
    with_place.__click_params__ = [  # type: ignore[attr-defined] # click keeps options there until a command is made
        *getattr(command, "__click_params__", []),
        *with_place.__click_params__,  # type: ignore[attr-defined] # as above
    ]
    return with_place


@contextmanager
def opened_vault(settings: Settings, place: Place, *, signed: bool | None = None) -> Iterator[tuple[Ledger, Vault]]:
    """Open the ledger and its vault, still locked; ``signed`` False where nothing is to be recorded.

    Raises StorageError, TamperedError, LedgerError where a key is needed and cannot be used.
    """
    from ledger.vault.store import Vault

    with open_ledger(settings, signed=signed) as ledger:
        vault = Vault(place.vault(settings), ledger.appender.origin)
        try:
            yield ledger, vault
        finally:
            vault.close()


@contextmanager
def unlocked(settings: Settings, place: Place, *, signed: bool | None = None) -> Iterator[Custody]:
    """Open the ledger and its vault, and unlock it; ``signed`` as above. Raises LedgerError."""
    from ledger.vault.custody import Custody

    with opened_vault(settings, place, signed=signed) as (ledger, vault):
        vault.unlock(place.key_file(settings), ask_passphrase("保密库口令"))
        yield Custody(ledger, vault)


def typed_person(kind: str) -> Entry:
    """Ask for the values of one person or household; an empty answer leaves one out."""
    from ledger.vault.custody import Entry
    from ledger.vault.values import FIELDS, LABELS

    answers = {
        name: str(click.prompt(f"{LABELS[name]}(没有就按回车)", default="", show_default=False, err=True))
        for name in FIELDS
    }
    return Entry(kind, answers)


def read_people(path: Path, kind: str) -> list[Entry]:
    """Read a CSV file with the heads 姓名, 身份证号, 电话, 银行账号, 住址 and perhaps 类别 (户 or 人).

    Raises ValueRefusedError (heads or a kind are not ours), StorageError (the file cannot be read).
    """
    from ledger.vault.custody import Entry
    from ledger.vault.values import FIELDS, LABELS

    labels = {LABELS[name]: name for name in FIELDS}
    heads, *rows = _csv_rows(path)
    unknown = [number for number, head in enumerate(heads, 1) if head not in labels and head != "类别"]
    if unknown or not set(heads) & labels.keys() or len(set(heads)) < len(heads):
        # What stands in the first row is not repeated: a file without heads begins with somebody's name.
        raise ValueRefusedError(
            "vault.bad_heads",
            "首行的列名不对或有重复",
            hint=f"首行应为列名,可用:类别、{'、'.join(labels)}",
            where=f"{path.name} 第 1 行",
        )
    people = []
    for number, row in enumerate(rows, 2):
        where = f"{path.name} 第 {number} 行"
        if len(row) > len(heads):
            raise ValueRefusedError("vault.bad_row", "比首行多出了内容", hint="请核对列数", where=where)
        cells = dict(zip(heads, row, strict=False))
        said = cells.pop("类别", "").strip()
        if said not in _KINDS:
            raise ValueRefusedError("vault.bad_kind", "类别不对", hint="应为 户 或 人", where=where)
        values = {labels[head]: text for head, text in cells.items()}
        if any(text.strip() for text in row):
            people.append(Entry(_KINDS[said] if said else kind, values, where))
    if not people:
        raise ValueRefusedError("vault.nobody", "文件中没有一行内容", hint="请核对文件", where=path.name)
    return people


def _csv_rows(path: Path) -> list[list[str]]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise StorageError(
            "vault.file", f"文件读不出:{path}({system_reason(error)})", hint="请核对路径和权限"
        ) from error
    if len(raw) > _MOST_BYTES:
        raise ValueRefusedError("vault.too_large", "文件太大", hint="请分成几个文件", where=path.name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            rows = list(csv.reader(raw.decode(encoding).splitlines()))
        except (UnicodeDecodeError, csv.Error):
            continue
        return rows or [[]]
    raise ValueRefusedError("vault.unreadable", "文件的编码看不懂", hint="请另存为 UTF-8 的 CSV", where=path.name)
