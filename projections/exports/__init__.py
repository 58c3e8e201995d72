"""What leaves the ledger for other programs: auditors' tools, spreadsheets, accounting programs, open standards."""
