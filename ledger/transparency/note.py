"""Signed notes: a text, an empty line, and one line for each signature (C2SP signed-note).

    520200.xianjie.example/ledger
    1234
    47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

    — 520200.xianjie.example/ledger/op/P-0001-1 bIcpQ…

A line says who signed (key name) and with which key (its first four hash bytes, then the signature). Name and hash
together identify a key: a line that shares only one of them with a known key is a stranger's and is ignored, as are
kinds of signature that nobody here has heard of. So lines can be added later without breaking older readers.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.errors import ProofError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["COSIGNATURE", "ED25519", "Key", "Note", "Signature", "cosigned", "decode_exactly", "key_id_of"]

ED25519: Final = 1
"""The kind of a plain Ed25519 signature over the text."""

COSIGNATURE: Final = 4
"""The kind of a witness's Ed25519 signature over the text and a moment (C2SP tlog-cosignature)."""

_KEY_SIZE: Final = 32
_SIGNATURE_SIZE: Final = 64
_ID_SIZE: Final = 4
_MOMENT_SIZE: Final = 8
_DASH: Final = "— "
_LONGEST: Final = 1_000_000
_MOST_SIGNATURES: Final = 100


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: ``name`` and ``key_id`` say whose, ``data`` is what the key made of the text."""

    name: str
    key_id: bytes
    data: bytes

    @property
    def moment(self) -> int:
        """Seconds since 1970 at which a witness says that it signed; meaningful for cosignatures only."""
        return int.from_bytes(self.data[:_MOMENT_SIZE])

    def __str__(self) -> str:
        """Return the line, with its newline."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.data).decode()}\n"


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that somebody is known by. ``kind`` is ``ED25519`` or ``COSIGNATURE``."""

    name: str
    public_key: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """The four bytes that signature lines carry."""
        return key_id_of(self.name, self.public_key, self.kind)

    def __str__(self) -> str:
        """Return the text in which public keys are handed on (``name+hash+key``, as Go's ``note`` package reads it)."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public_key).decode()}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read a public key back. Raises ProofError ``key.malformed``."""
        name, _, rest = text.partition("+")
        shown_id, _, encoded = rest.partition("+")
        blob = decode_exactly(encoded)
        kind = blob[0] if blob else 0
        known = kind in {ED25519, COSIGNATURE} and len(blob) == 1 + _KEY_SIZE
        key = cls(name, blob[1:], kind) if known and _is_key_name(name) else None
        if key is None or key.key_id.hex() != shown_id:
            raise ProofError(
                "key.malformed",
                f"公钥看不懂:{text[:120]!r}",
                hint="公钥是一行“名称+八位散列+Base64”,请原样复制。",
            )
        return key

    def verify(self, text: str, signature: Signature) -> bool:
        """Tell whether this key made that signature of the text."""
        data, message = signature.data, text.encode()
        if self.kind == COSIGNATURE:
            if len(data) != _MOMENT_SIZE + _SIGNATURE_SIZE or signature.moment >= 1 << 63:
                return False
            data, message = data[_MOMENT_SIZE:], cosigned(text, signature.moment)
        return len(data) == _SIGNATURE_SIZE and _is_signed(self.public_key, data, message)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it. Nothing is known about the signatures until ``verify`` was asked."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        """Return the note as it is stored and handed on; without signatures, the bare text."""
        return f"{self.text}\n{''.join(map(str, self.signatures))}" if self.signatures else self.text

    @classmethod
    def parse(cls, raw: str | bytes) -> Note:
        """Read a signed note. Exactly what ``str`` writes is accepted. Raises ProofError ``note.malformed``."""
        shown = raw if isinstance(raw, str) else raw.decode(errors="replace")
        if len(shown) > _LONGEST or any(character < " " for character in shown if character != "\n"):
            raise _malformed(shown)
        head, blank, tail = shown.rpartition("\n\n")
        lines = tail.split("\n")
        if not blank or lines.pop() or not 0 < len(lines) <= _MOST_SIGNATURES:
            raise _malformed(shown)
        note = cls(f"{head}\n", tuple(_signature_in(line, shown) for line in lines))
        given = _bytes_of(raw) if isinstance(raw, str) else raw
        if not given or _bytes_of(str(note)) != given:
            raise _malformed(shown)
        return note

    def with_signature(self, signature: Signature) -> Note:
        """Return the note with one more line; a line of the same key is replaced."""
        whose = (signature.name, signature.key_id)
        others = tuple(each for each in self.signatures if (each.name, each.key_id) != whose)
        return Note(self.text, (*others, signature))

    def verify(self, keys: Iterable[Key]) -> list[tuple[Key, Signature]]:
        """Return the known keys that signed, each with its signature, in the order of the lines.

        Raises ProofError: ``note.bad_signature`` when a known key's signature is false, ``note.unsigned`` when no known
        key signed.
        """
        known = {(key.name, key.key_id): key for key in keys}
        found = []
        for signature in self.signatures:
            key = known.get((signature.name, signature.key_id))
            if key is None:
                continue
            if not key.verify(self.text, signature):
                raise ProofError(
                    "note.bad_signature",
                    f"签名不对:{signature.name} 没有签过这段内容",
                    hint="内容或签名被改动过,或不是这把钥匙签的;请向出具单位索取原件。",
                )
            found.append((key, signature))
        if not found:
            raise ProofError(
                "note.unsigned",
                "没有任何一把已知的钥匙在上面签过名",
                hint="请核对公钥是否齐全:签名行里的名称须在已知公钥之中。",
            )
        return found


def key_id_of(name: str, public_key: bytes, kind: int = ED25519) -> bytes:
    """Return the first four bytes of SHA-256(name ‖ newline ‖ kind ‖ public key)."""
    return sha256(b"%s\n%c%s" % (name.encode(), kind, public_key)).digest()[:_ID_SIZE]


def cosigned(text: str, moment: int) -> bytes:
    """Return the bytes that a witness signs: that at this moment this was the largest consistent head it had seen."""
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def decode_exactly(encoded: str) -> bytes:
    """Return what standard Base64 encodes; nothing if it is not written exactly as we would write it.

    The last letter can hide stray bits, so that many texts say the same bytes: only one of them is accepted.
    """
    try:
        data = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if b64encode(data).decode() == encoded else b""


def _signature_in(line: str, note: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    data = decode_exactly(encoded)
    if not line.startswith(_DASH) or not _is_key_name(name) or len(data) <= _ID_SIZE:
        raise _malformed(note)
    return Signature(name, data[:_ID_SIZE], data[_ID_SIZE:])


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(map(str.isspace, name)) and bool(_bytes_of(name))


def _bytes_of(text: str) -> bytes:
    """Return the text as UTF-8; nothing when it holds half a character."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return b""


def _is_signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    # Only who verifies pays for loading OpenSSL.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - see above

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _malformed(note: str) -> ProofError:
    return ProofError(
        "note.malformed",
        f"签名文本看不懂:{note[:80]!r}",
        hint="应为正文、一个空行、若干签名行(“— 名称 Base64”),请原样复制。",
    )
