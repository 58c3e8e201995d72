"""The command line of the ledger: one file per noun, Chinese for people, JSON for programs."""
