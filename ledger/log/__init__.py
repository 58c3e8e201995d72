"""The log: an append-only, transparent event store on SQLite and PostgreSQL.

Import what you need from its modules. Only the infrastructure factory is exported here, because the library looks for
exactly one in the module that ``PERSISTENCE_MODULE=ledger.log`` names.
"""

from ledger.log.factory import LedgerFactory

__all__ = ["LedgerFactory"]
