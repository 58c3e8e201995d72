"""The verbs of ``xianjie audit`` that make up the auditor's desk, one to a file."""
