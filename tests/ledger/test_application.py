"""The ledger as a program uses it: batches, keys, dry runs, large batches, and the library's own interfaces."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from eventsourcing.persistence import IntegrityError

import ledger.open_batch as open_batch_module
from ledger.application import Ledger, Submission
from ledger.commands import handle
from ledger.database import open_database, read_transaction
from ledger.domain.allocation import AllocateMoney
from ledger.domain.control import AdoptRules, OpenLedger, ReverseEvent
from ledger.domain.payment import PayMoney, ReleaseMoney
from ledger.domain.stages import ApproveProject, ListProject, PlanProject, ReportProgress, StartProject
from ledger.domain.tranche import IssueTranche
from ledger.errors import ConflictError, LedgerError, NotFoundError, RuleRefusedError, TamperedError
from ledger.events import ProjectApproved
from ledger.log.mapper import Envelope
from ledger.log.reading import Row, head, read_page
from ledger.log.schema import create_log
from ledger.log.verify import verify
from ledger.rules import shipped_packs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ledger.domain.command import Command

DAY = date(2022, 3, 1)


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger that was opened and has rules, on each kind of database."""
    with _opened(database_url) as made:
        yield made


@pytest.fixture
def fast_ledger(sqlite_url: str) -> Iterator[Ledger]:
    """The same on SQLite alone, for what does not depend on the database."""
    with _opened(sqlite_url) as made:
        yield made


@contextmanager
def _empty(url: str) -> Iterator[Ledger]:
    engine = open_database(url, create=True)
    create_log(engine, "test.example/520200")
    engine.dispose()
    made = Ledger(url)
    yield made
    made.close()


@contextmanager
def _opened(url: str) -> Iterator[Ledger]:
    with _empty(url) as made:
        opened = OpenLedger.of(on=date(2012, 1, 1), area="520200", name="六盘水", origin="test.example/520200")
        made.execute([opened, AdoptRules.of(on=date(2012, 1, 1), text=shipped_packs()["base"])], by())
        yield made


def by(key: str | None = None) -> Submission:
    return Submission("张", "test", key=key)


def issue(code: str = "T1", fen: int = 100_00) -> Command:
    return IssueTranche.of(
        on=DAY,
        document=f"{code}号",
        tranche=code,
        area="520203",
        plan_year=2022,
        level="central",
        amount_fen=fen,
        issuer="省厅",
    )


def project(code: str) -> list[Command]:
    return [
        ListProject.of(
            on=DAY,
            project=code,
            name="基地",
            area="520203",
            project_year=2022,
            project_type="crop_base",
            goal="建成大棚20座",
        ),
        ApproveProject.of(on=DAY, project=code),
    ]


def allocate(code: str, fen: int, tranche: str = "T1") -> Command:
    return AllocateMoney.of(on=DAY, tranche=tranche, project=code, amount_fen=fen)


def rows(ledger: Ledger) -> list[Row]:
    with read_transaction(ledger.appender.engine) as connection:
        return read_page(connection, 0, 100_000)


def contents(ledger: Ledger) -> list[tuple[int, str, int, str, bytes]]:
    return [row[:5] for row in rows(ledger)]


def test_a_batch_is_recorded_whole_with_one_receipt(ledger: Ledger) -> None:
    outcome = ledger.execute([issue(), *project("P1"), allocate("P1", 60_00)], by())

    receipt = outcome.receipt
    assert outcome.commands == 4
    assert [event.TOPIC for event in outcome.events] == [
        *("document.registered", "tranche.issued", "project.listed", "project.approved"),
        *("tranche.allocated", "project.funded"),
    ]
    assert (receipt.first, receipt.last, receipt.repeated) == (3, 8, False)
    assert [row.topic for row in rows(ledger)[2:]] == [event.TOPIC for event in outcome.events]
    with read_transaction(ledger.appender.engine) as connection:
        assert head(connection).root == receipt.root


@pytest.mark.parametrize("wrong", range(5))
def test_a_batch_with_one_refused_command_records_nothing_and_names_it(ledger: Ledger, wrong: int) -> None:
    before = contents(ledger)
    commands = [issue(), *project("P1"), allocate("P1", 60_00)]
    commands.insert(wrong, allocate("P9", 1))

    with pytest.raises(LedgerError) as caught:
        ledger.execute(commands, by("k"))

    assert caught.value.number == wrong + 1
    assert contents(ledger) == before
    del commands[wrong]
    assert ledger.execute(commands, by("k")).receipt.first == 3
    assert verify(ledger.appender.engine).ok


def test_what_a_refused_batch_decided_is_forgotten(ledger: Ledger) -> None:
    ledger.execute([issue(), *project("P1")], by())
    with pytest.raises(RuleRefusedError):
        ledger.execute([allocate("P1", 100_00), allocate("P1", 1)], by())
    ledger.execute([allocate("P1", 100_00)], by())


def test_the_same_key_and_input_gives_the_first_receipt_again(ledger: Ledger) -> None:
    first = ledger.execute([issue()], by("k")).receipt
    ledger.execute(project("P1"), by("other"))
    before = contents(ledger)

    again = ledger.execute([issue()], by("k"))

    assert again.receipt.repeated
    assert (again.receipt.batch, again.receipt.first, again.receipt.last, again.receipt.root) == (
        first.batch,
        first.first,
        first.last,
        first.root,
    )
    assert (again.receipt.recorded_at, again.receipt.checkpoint) == (first.recorded_at, first.checkpoint)
    assert (list(again.events), again.commands) == ([], 0)
    assert contents(ledger) == before


def test_the_same_key_with_other_input_is_a_conflict(ledger: Ledger) -> None:
    ledger.execute([issue()], by("k"))
    before = contents(ledger)
    for other in ([issue(fen=100_01)], [issue("T2")], [issue(), issue("T2")], []):
        with pytest.raises(ConflictError) as caught:
            ledger.execute(other, by("k"))
        assert caught.value.exit_code == 4
        assert "k" in caught.value.message
    assert contents(ledger) == before


def test_a_refused_submission_does_not_use_up_its_key(ledger: Ledger) -> None:
    with pytest.raises(NotFoundError):
        ledger.execute([allocate("P1", 1)], by("k"))
    assert not ledger.execute([issue()], by("k")).receipt.repeated


def test_without_a_key_the_same_commands_are_decided_anew(ledger: Ledger) -> None:
    ledger.execute([issue(), *project("P1"), allocate("P1", 40_00)], by())
    ledger.execute([allocate("P1", 40_00)], by())
    with pytest.raises(RuleRefusedError, match=r"超过资金批次“T1”的余额 20\.00 元"):
        ledger.execute([allocate("P1", 40_00)], by())


def test_a_dry_run_shows_the_events_and_records_nothing(ledger: Ledger) -> None:
    before = contents(ledger)
    outcome = ledger.execute([issue(), *project("P1")], by("k"), dry_run=True)
    assert [event.TOPIC for event in outcome.events][1:] == ["tranche.issued", "project.listed", "project.approved"]
    assert contents(ledger) == before
    assert not ledger.execute([issue(), *project("P1")], by("k")).receipt.repeated
    assert verify(ledger.appender.engine).ok


def test_a_dry_run_refuses_what_the_real_run_would_refuse(ledger: Ledger) -> None:
    with pytest.raises(RuleRefusedError):
        ledger.execute([issue(), *project("P1"), allocate("P1", 100_01)], by(), dry_run=True)


def test_another_process_sees_what_was_recorded_and_both_go_on(ledger: Ledger, database_url: str) -> None:
    other = Ledger(database_url)
    ledger.execute([issue(), *project("P1")], by())
    other.execute([allocate("P1", 60_00)], by())
    with pytest.raises(RuleRefusedError):
        ledger.execute([allocate("P1", 60_00)], by())
    ledger.execute([allocate("P1", 40_00)], by())
    other.close()
    assert verify(ledger.appender.engine).ok


@pytest.mark.parametrize("position", [0, -5, 99, 2**63 - 1])
def test_a_position_where_nothing_was_recorded_is_not_found(ledger: Ledger, position: int) -> None:
    command = ReverseEvent.of(on=DAY, position=position, reason="记错", document="1号")
    with pytest.raises(NotFoundError) as caught:
        ledger.execute([command], by())
    assert caught.value.code == "event.unknown"


def test_appending_decided_events_restores_the_same_log(ledger: Ledger, tmp_path: Path) -> None:
    ledger.execute([issue(), *project("P1"), allocate("P1", 60_00)], by())
    original = rows(ledger)
    with _empty(str(tmp_path / "restored.db")) as restored:
        receipt = restored.append(((row.topic, row.state) for row in original), by("restore"))

        assert (receipt.first, receipt.last) == (1, len(original))
        assert contents(restored) == contents(ledger)
        assert verify(restored.appender.engine).ok
        assert restored.append([], by("restore")).repeated
        with pytest.raises(RuleRefusedError):
            restored.execute([allocate("P1", 40_01)], by())


def _year(seed: int, size: int) -> list[Command]:
    """Commands that jump between three tranches and many projects."""
    random = Random(seed)  # noqa: S311 - the same sequence every time
    commands: list[Command] = [issue(f"T{n}", 10**9) for n in range(3)]
    for n in range(size):
        commands += project(f"P{n}")
    for n in range(size):
        commands += [step.of(on=DAY, project=f"P{n}") for step in (PlanProject, StartProject)]
        commands.append(allocate(f"P{n}", 100, f"T{n % 3}"))
    for _ in range(size):
        code = f"P{random.randrange(size)}"
        commands.append(ReportProgress.of(on=DAY, project=code, invested_fen=1))
        commands.append(ReleaseMoney.of(on=DAY, project=code, amount_fen=1))
        commands.append(PayMoney.of(on=DAY, project=code, amount_fen=1))
    return commands


def test_forgotten_states_are_loaded_again_and_decide_the_same(
    fast_ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = _year(seed=7, size=40)
    paid = fast_ledger.execute(commands, by()).receipt.last
    mistake = [ReverseEvent.of(on=DAY, position=paid, reason="记错", document="1号"), commands[-1], *project("Q")]
    fast_ledger.execute(mistake, by())
    over = [*project("Z"), allocate("P0", 10**9 - 14 * 100 + 1, "T0")]
    with pytest.raises(RuleRefusedError) as expected:
        fast_ledger.execute(over, by())

    monkeypatch.setattr(open_batch_module, "_CHUNK", 7)
    monkeypatch.setattr(open_batch_module, "_REMEMBERED_STREAMS", 3)
    with _opened(str(tmp_path / "forgetful.db")) as forgetful:
        forgetful.execute([*commands, *mistake], by())
        assert contents(forgetful) == contents(fast_ledger)
        with pytest.raises(RuleRefusedError) as caught:
            forgetful.execute(over, by())
    assert caught.value.as_dict() == expected.value.as_dict()
    assert (caught.value.code, caught.value.number) == ("tranche.overdrawn", 3)


def test_the_memory_of_a_large_batch_is_bounded(fast_ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    most = {"states": 0, "pending": 0, "shown": 0}

    def watched(work: Any, command: Command) -> None:  # noqa: ANN401 - the ledger's own work
        handle(work, command)
        most["states"] = max(most["states"], len(work._states))
        most["pending"] = max(most["pending"], len(work._pending))
        most["shown"] = max(most["shown"], len(work.shown))

    monkeypatch.setattr(open_batch_module, "_CHUNK", 100)
    monkeypatch.setattr(open_batch_module, "_REMEMBERED_STREAMS", 50)
    monkeypatch.setattr(open_batch_module, "handle", watched)
    commands = [command for n in range(2_500) for command in project(f"P{n}")]

    outcome = fast_ledger.execute(commands, by())

    assert outcome.commands == len(commands) == 5_000
    assert outcome.receipt.last - outcome.receipt.first + 1 == 5_000
    assert most["states"] <= 50 + 100
    assert most["pending"] < 100
    assert most["shown"] == len(outcome.events) == 1_000
    assert verify(fast_ledger.appender.engine).ok


def test_commands_from_a_file_may_be_a_stream_when_their_hash_is_given(ledger: Ledger) -> None:
    def stream() -> Iterator[Command]:
        yield issue()
        yield from project("P1")

    by_file = Submission("张", "import", key="f", input_hash="0" * 64)
    assert ledger.execute(stream(), by_file).commands == 3
    assert ledger.execute(stream(), by_file).receipt.repeated
    with pytest.raises(ConflictError):
        ledger.execute(stream(), Submission("张", "import", key="f", input_hash="1" * 64))


def test_the_librarys_event_store_gives_the_events_of_a_stream(ledger: Ledger) -> None:
    outcome = ledger.execute([issue(), *project("P1")], by())
    found = list(ledger.events.get("project:P1"))
    assert all(isinstance(each, Envelope) for each in found)
    assert [each.event for each in found if isinstance(each, Envelope)] == list(outcome.events[2:])
    assert [each.originator_version for each in found] == [1, 2]
    assert list(ledger.events.get("project:P9")) == []


def test_the_librarys_notification_log_numbers_every_event_without_gaps(ledger: Ledger) -> None:
    ledger.execute([issue(), *project("P1")], by())
    notifications = ledger.notification_log.select(start=1, limit=10)
    assert [each.id for each in notifications] == [1, 2, 3, 4, 5, 6]
    assert [(each.originator_id, each.topic, each.state) for each in notifications] == [
        (row.stream, row.topic, row.state) for row in rows(ledger)
    ]


def _approval(code: str = "P1") -> ProjectApproved:
    return ProjectApproved(effective_on=DAY, project=code, area="520203", project_year=2022, project_type="crop_base")


def _save_approval(ledger: Ledger, version: int, **expect: int) -> Sequence[Any]:
    named = {stream.replace("_", ":"): at for stream, at in expect.items()}
    return ledger.save(Envelope("project:P1", version, _approval()), expect=named)


def test_saving_an_envelope_through_the_library_guards_versions_read_and_written(ledger: Ledger) -> None:
    ledger.execute([issue(), project("P1")[0]], by())
    before = contents(ledger)
    refused: list[Callable[[], object]] = [
        lambda: _save_approval(ledger, 1),
        lambda: _save_approval(ledger, 3),
        lambda: _save_approval(ledger, 2, tranche_T1=0),
        lambda: _save_approval(ledger, 2, tranche_T1=2),
        lambda: _save_approval(ledger, 2, tranche_T9=1),
    ]
    for save in refused:
        with pytest.raises(IntegrityError):
            save()
    assert contents(ledger) == before

    (recording,) = _save_approval(ledger, 2, tranche_T1=1)

    assert recording.notification.id == len(before) + 1
    with pytest.raises(RuleRefusedError, match="已于 2022-03-01 登记批复"):
        ledger.execute([project("P1")[1]], by())
    assert verify(ledger.appender.engine).ok


def test_an_event_in_a_stream_where_it_does_not_belong_is_not_read(ledger: Ledger) -> None:
    ledger.save(Envelope("project:P1", 1, _approval("P2")))
    with pytest.raises(TamperedError) as caught:
        list(ledger.events.get("project:P1"))
    assert caught.value.code == "event.misplaced"
