"""Events about subjects of personal data: who they are stands in the vault alone, here are references and commitments.

A commitment is a salted hash (``ledger.vault.commitment``): it proves later what the vault said, and tells nothing to
whoever has not the salt. Once value and salt are erased it can never be guessed.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import override

from ledger.events import streams
from ledger.events.base import Event, Name

__all__ = ["Commitment", "PrivateField", "SubjectErased", "SubjectRead", "SubjectRegistered"]

SubjectRef = Annotated[str, StringConstraints(pattern=r"^H-[A-Z2-7]{26}$")]
"""A random reference; never derived from anything about the subject."""

PrivateField = Literal["name", "identity", "phone", "account", "address"]
"""What the vault can hold of a subject: 姓名, 身份证号, 电话, 银行账号, 住址."""


class Commitment(BaseModel):
    """What a field of the vault said when it was entered, as a salted hash."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    field: PrivateField
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _OfSubject(Event, abstract=True):
    subject: SubjectRef

    @property
    @override
    def stream(self) -> str:
        return streams.subject(self.subject)


class SubjectRegistered(_OfSubject):
    """A household or a person was entered into the vault."""

    TOPIC: ClassVar[str] = "subject.registered"

    kind: Literal["household", "person"]
    commitments: tuple[Commitment, ...] = Field(min_length=1, max_length=5)


class SubjectRead(_OfSubject):
    """Somebody is about to be shown fields of a subject, masked or in full; recorded before anything is shown."""

    TOPIC: ClassVar[str] = "subject.read"

    purpose: Name
    fields: tuple[PrivateField, ...] = Field(min_length=1, max_length=5)
    unmasked: bool = False


class SubjectErased(_OfSubject):
    """A subject's values, salts and key are erased from the vault; ``basis`` is the law or request it stands on."""

    TOPIC: ClassVar[str] = "subject.erased"

    basis: Name
