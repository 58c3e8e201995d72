r"""Commitments: what stands in the log for a value of the vault.

    SHA-256("field/v1\0" name "\\0" salt value)      salt: 16 random bytes, value: canonical, UTF-8

A bare hash of an identity number is no protection: all numbers of a county are tried in a minute and a half. With 128
random bits beside it nobody can try, and once the salt is erased nobody ever will.
"""

from __future__ import annotations

from hashlib import sha256
from secrets import token_bytes
from typing import Final

__all__ = ["SALT_SIZE", "commitment", "new_salt"]

SALT_SIZE: Final = 16


def new_salt() -> bytes:
    """Return a fresh salt."""
    return token_bytes(SALT_SIZE)


def commitment(field: str, salt: bytes, value: str) -> str:
    """Return the commitment to a canonical value, in hexadecimal."""
    return sha256(b"field/v1\0" + field.encode() + b"\0" + salt + value.encode()).hexdigest()
