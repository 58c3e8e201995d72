"""Who signs, and how a signature is put under a text.

A signer is whatever holds a private key: a key file that was unlocked, an agent, a card. The log and the witness know
only this interface, so none of them ever sees a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from ledger.errors import ValueRefusedError
from ledger.transparency.note import COSIGNATURE, Key, Note, Signature, cosigned, key_id_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["SEED_SIZE", "SeedSigner", "Signer", "check_key_name", "cosign", "sign_text"]

SEED_SIZE: Final = 32
_LONGEST_NAME: Final = 200


class Signer(Protocol):
    """Something that signs with one Ed25519 key. Its private half never leaves it."""

    @property
    def name(self) -> str:
        """The C2SP key name, such as ``<origin>/op/P-0001-1``: no space, no ``+``."""

    @property
    def person(self) -> str:
        """The opaque reference of the person whose key it is (``P-0001``)."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that others know the key by."""

    @property
    def key_id(self) -> bytes:
        """The four bytes under which a plain signature of this key is filed."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature. Raises LedgerError when the key cannot be used."""


class SeedSigner:
    """Signs with a seed of 32 bytes that is held in memory."""

    def __init__(self, name: str, person: str, seed: bytes) -> None:
        """Raise ValueRefusedError for a name that notes cannot carry or a seed of another length."""
        # Who does not sign does not pay for loading OpenSSL.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - see above

        check_key_name(name)
        if len(seed) != SEED_SIZE:
            raise ValueRefusedError("key.bad_seed", f"密钥种子应为 {SEED_SIZE} 字节,实为 {len(seed)} 字节")
        self.name = name
        self.person = person
        self._private: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._private.public_key().public_bytes_raw()
        self.key_id = key_id_of(name, self.public_key)

    def sign(self, message: bytes) -> bytes:
        """Return the signature; the same message always gets the same one (RFC 8032)."""
        return self._private.sign(message)

    def __repr__(self) -> str:
        """Show the public side only: a signer may end up in an error report."""
        return f"SeedSigner({self.name!r}, {self.public_key.hex()})"


def check_key_name(name: str) -> None:
    """Refuse what cannot stand in a signature line. Raises ValueRefusedError ``key.bad_name``."""
    usable = name.isprintable() and not any(map(str.isspace, name)) and "+" not in name
    if not name or len(name) > _LONGEST_NAME or not usable:
        raise ValueRefusedError(
            "key.bad_name",
            f"密钥名称不能用:{name[:40]!r}",
            hint=f"请用 1 至 {_LONGEST_NAME} 个字,不含空格和加号,如 520200.xianjie.example/ledger/op/P-0001-1。",
        )


def sign_text(signer: Signer, text: str) -> Note:
    """Return the text as a note signed by ``signer``.

    The signature is checked before it is handed on: what is stored stays for good, and an agent or a card may answer
    with another key, or with nonsense. Raises ProofError, and what the signer raises.
    """
    note = Note(text, (Signature(signer.name, signer.key_id, signer.sign(text.encode())),))
    note.verify([Key(signer.name, signer.public_key)])
    return note


def cosign(signer: Signer, note: Note, moment: int) -> Note:
    """Return the note with a witness's line: at ``moment`` (seconds since 1970) it had seen no larger head."""
    key = Key(signer.name, signer.public_key, COSIGNATURE)
    data = moment.to_bytes(8) + signer.sign(cosigned(note.text, moment))
    return note.with_signature(Signature(signer.name, key.key_id, data))
