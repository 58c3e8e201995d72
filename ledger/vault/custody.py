"""The vault and the log together: who is entered stands in both, every reading is recorded before anything is shown.

Neither file can be written in the same moment as the other, so each step is safe to break off after any part of it: an
entry waits in the vault as pending until the log has it; a reading or an erasure is in the log before it happens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ledger.dates import today
from ledger.domain.history import fold, live
from ledger.domain.subject import EraseSubject, PrivateSubject, ReadSubject, RegisterSubject, evolve_subject
from ledger.errors import LedgerError, RuleRefusedError, ValueRefusedError
from ledger.events import Event, SubjectErased, SubjectRead, SubjectRegistered, registry
from ledger.vault.commitment import commitment
from ledger.vault.store import new_reference
from ledger.vault.values import LABELS, canonical, masked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.application import Ledger, Submission
    from ledger.events import PrivateField
    from ledger.vault.store import Vault

__all__ = ["Custody", "Entry", "VaultFinding"]

_TOPICS: Final = (SubjectRegistered.TOPIC, SubjectErased.TOPIC)
_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be entered: household or person, its values, and where they were written (row 3, say)."""

    kind: str
    values: Mapping[PrivateField, str]
    where: str = ""


@dataclass(frozen=True, slots=True)
class VaultFinding:
    """Something that vault and log do not agree on; ``kind`` is for programs, ``message`` Chinese."""

    subject: str
    kind: str
    message: str


class Custody:
    """One vault, unlocked, and the ledger that it belongs to."""

    def __init__(self, ledger: Ledger, vault: Vault) -> None:
        self._ledger = ledger
        self._vault = vault

    def register(self, entries: Sequence[Entry], by: Submission) -> list[str]:
        """Enter subjects into vault and log, all or none, and return their references in order.

        One that an interrupted registration left in both is returned as it is. Raises ValueRefusedError (a value),
        RuleRefusedError (somebody is entered already, or twice here); no message says a value.
        """
        read = [self._canonical(entry) for entry in entries]
        self._refuse_doubled(entries, read)
        refs, commands = [], []
        try:
            for entry, values in zip(entries, read, strict=True):
                known = self._known(values, entry.where, by)
                refs.append(known or new_reference())
                if known is None:
                    said = self._vault.enter(refs[-1], entry.kind, values)
                    commitments = [{"field": name, "digest": digest} for name, digest in said.items()]
                    commands.append(
                        RegisterSubject.of(on=today(), subject=refs[-1], kind=entry.kind, commitments=commitments)
                    )
            if commands:
                self._ledger.execute(commands, by)
        except LedgerError:
            for command in commands:
                if not self._state(command.subject).exists:  # not when it was recorded, and only the receipt is lost
                    self._vault.erase(command.subject)
            raise
        self._vault.keep(refs)
        return refs

    def read(
        self, ref: str, fields: Sequence[PrivateField], purpose: str, by: Submission, *, unmask: bool
    ) -> dict[PrivateField, str]:
        """Record who reads what for which purpose, then return the values, masked unless ``unmask``.

        Raises NotFoundError, RuleRefusedError (erased), TamperedError (the vault is damaged or edited).
        """
        command = ReadSubject.of(
            on=today(), document=by.document, subject=ref, purpose=purpose, fields=list(fields), unmasked=unmask
        )
        self._ledger.execute([command], by)
        wrong = self._wrong(ref, self._state(ref))
        kept = self._vault.read(ref)
        missing = [LABELS[name] for name in fields if name not in kept]
        if wrong or missing:
            raise RuleRefusedError(
                "vault.untrusted",
                wrong[0].message if wrong else f"保密库中缺少 {'、'.join(missing)}",
                hint="内容没有显示;请运行 xianjie vault verify,由备份恢复保密库",
            )
        values = {name: kept[name][1] for name in fields}
        return values if unmask else {name: masked(name, value) for name, value in values.items()}

    def erase(self, ref: str, basis: str, by: Submission) -> str:
        """Record the erasure with its legal basis, then erase; begun again, it completes.

        Where the rules ask for a second person, it is proposed and the proposal returned: nothing is erased before it
        was approved and this is begun again. Raises NotFoundError.
        """
        command = EraseSubject.of(on=today(), document=by.document, subject=ref, basis=basis)
        try:
            self._ledger.execute([command], by)
        except RuleRefusedError as error:
            if error.code != "approval.needed":
                raise
            return self._ledger.propose([command], by).proposal
        self._vault.erase(ref)
        return ""

    def verify(self) -> list[VaultFinding]:
        """Open every value, commit to it again, and compare with the log; return what does not agree."""
        findings = [VaultFinding("", "file", f"保密库文件检查:{line[:200]}") for line in self._vault.integrity()]
        logged = self._logged()
        entered = {each.ref: each for each in self._vault.subjects()}
        for ref, state in logged.items():
            if state.erased:
                if ref in entered:
                    findings.append(
                        VaultFinding(ref, "not_erased", f"{ref} 已记为删除,保密库中还有:请再运行一次 vault erase")
                    )
            elif ref not in entered:
                findings.append(VaultFinding(ref, "missing", f"保密库中缺少 {ref}:保密库被换过、删过,或恢复了旧的"))
            else:
                findings += self._wrong(ref, state)
        for ref, each in entered.items():
            if ref not in logged:
                kind, why = (
                    ("unknown", "账本中没有登记") if each.kept else ("pending", "登记没有完成,请重新登记同一个人")
                )
                findings.append(VaultFinding(ref, kind, f"保密库中的 {ref}:{why}"))
        return findings

    def _wrong(self, ref: str, state: PrivateSubject) -> list[VaultFinding]:
        """Return where a subject's values are not those that the log has commitments to."""
        try:
            kept = self._vault.read(ref)
        except LedgerError as error:
            return [VaultFinding(ref, "damaged", error.message)]
        wrong = []
        expected = {each.field: each.digest for each in state.commitments}
        for name in expected.keys() | kept.keys():
            label = LABELS.get(name, name)
            if name not in kept or name not in expected:
                wrong.append(VaultFinding(ref, "fields", f"{ref} 的{label}:保密库与账本登记的项目不同"))
            elif commitment(name, *kept[name]) != expected[name]:
                wrong.append(VaultFinding(ref, "edited", f"{ref} 的{label}:内容与登记时的承诺值不符,被改过"))
        return sorted(wrong, key=lambda each: each.message)

    def _logged(self) -> dict[str, PrivateSubject]:
        found: dict[str, PrivateSubject] = {}
        start = 1
        while page := self._ledger.recorder.select_notifications(start, _PAGE, topics=_TOPICS):
            for each in page:
                event = registry.decode(each.topic, each.state)
                assert isinstance(event, SubjectRegistered | SubjectErased | SubjectRead)  # noqa: S101 - as asked for
                found[event.subject] = evolve_subject(found.get(event.subject, PrivateSubject()), event)
            start = page[-1].id + 1
        return found

    def _state(self, ref: str) -> PrivateSubject:
        stored = self._ledger.recorder.select_events(f"subject:{ref}")
        events: list[Event] = [registry.decode(each.topic, each.state) for each in stored]
        return fold(evolve_subject, PrivateSubject(), live(events))

    def _known(self, values: Mapping[PrivateField, str], where: str, by: Submission) -> str | None:
        """Return the reference of an interrupted registration that did reach the log; forget one that did not.

        Whoever enters somebody who is there already learns which code is whose: that is recorded as a reading first.
        """
        identity = values.get("identity")
        ref = self._vault.holder_of(identity) if identity else None
        if ref is None:
            return None
        pending = {each.ref for each in self._vault.subjects() if not each.kept}
        if ref not in pending:
            asked = ReadSubject.of(
                on=today(),
                document=by.document,
                subject=ref,
                purpose="重复登记的核对",
                fields=["identity"],
                unmasked=False,
            )
            self._ledger.execute([asked], replace(by, key=None, input_hash=""))
            raise RuleRefusedError(
                "vault.duplicate", f"此人已登记,编号 {ref}", hint="直接使用这个编号,不要重复登记", where=where
            )
        if self._state(ref).exists:
            return ref
        self._vault.erase(ref)
        return None

    @staticmethod
    def _canonical(entry: Entry) -> dict[PrivateField, str]:
        try:
            values = {name: canonical(name, text) for name, text in entry.values.items() if text.strip()}
        except ValueRefusedError as error:
            raise error.at(entry.where) from None
        if not values:
            raise ValueRefusedError("vault.empty", "没有填写任何一项", hint="至少填写一项个人信息", where=entry.where)
        return values

    @staticmethod
    def _refuse_doubled(entries: Sequence[Entry], read: Sequence[Mapping[PrivateField, str]]) -> None:
        seen: dict[str, str] = {}
        for entry, values in zip(entries, read, strict=True):
            identity = values.get("identity")
            if identity is not None and identity in seen:
                raise RuleRefusedError(
                    "vault.doubled",
                    f"与{seen[identity] or '前面一人'}的身份证号相同",
                    hint="请删去重复的一行",
                    where=entry.where,
                )
            if identity is not None:
                seen[identity] = entry.where
