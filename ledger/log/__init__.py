"""The log: an append-only, transparent event store on SQLite and PostgreSQL.

Import what you need from its modules. The infrastructure factory is exported here, because the library looks for
exactly one in the namespace of the module that ``PERSISTENCE_MODULE=ledger.log`` names.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.log.factory import LedgerFactory as LedgerFactory


class _Log(ModuleType):
    """This module, with a factory that is loaded when it is looked for.

    A report only reads: to load the library would make its start a tenth slower.
    """

    @property
    def LedgerFactory(self) -> type[LedgerFactory]:  # noqa: N802 - the name of a class
        from ledger.log.factory import LedgerFactory  # noqa: PLC0415 - only now, as said above

        return LedgerFactory

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override] # nobody assigns to a module's namespace
        """The namespace as the library looks through it."""
        return {**super().__dict__, "LedgerFactory": self.LedgerFactory}


sys.modules[__name__].__class__ = _Log
