"""The vault: personal data outside the log, encrypted for each subject, erasable for good.

The log holds references and commitments (``ledger.events.subject``); what they stand for is here alone. Losing the
vault loses names, never money; erasing from it never breaks the log.
"""
