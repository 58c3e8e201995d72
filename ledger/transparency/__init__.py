"""Proof that a history is the one it was: signed notes, checkpoints, the tree and its proofs (RFC 6962, C2SP).

Small, pure and alone: bytes and text in, a value or one :class:`~ledger.errors.ProofError` out, whatever comes in. No
database, no file, no clock; nothing of the rest of the program but its errors.
"""
