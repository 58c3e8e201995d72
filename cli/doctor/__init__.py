"""The examination of ledger and computer: each check is a small function that returns what it saw."""
