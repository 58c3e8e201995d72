"""Every attack of the catalogue is carried out on a copy of a real ledger and found by what is said to find it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cli.main import xianjie
from ledger.application import Ledger
from ledger.database import open_database
from ledger.errors import LedgerError
from ledger.log.signatures import PersonKey, check_signatures
from ledger.log.verify import verify
from ledger.transparency.note import Key
from ledger.vault.custody import Custody
from ledger.vault.store import Vault
from tests.attacks.case import ORIGIN, PASSPHRASE, SIGNERS, Attacked, Case
from tests.attacks.catalogue import ATTACKS
from tests.attacks.on_postgresql import ATTACKS_ON_POSTGRESQL, PostgresCase

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.log.reading import Batch

KEYS = [PersonKey(Key(signer.name, signer.public_key), person) for person, signer in SIGNERS.items()]
MEANS = ("verify", "signatures", "checkpoint")


def _keys_of(_batch: Batch) -> list[PersonKey]:
    return KEYS


def found_by_verify(case: Attacked, *more: str) -> set[str]:
    """Run ``audit verify`` and return the kinds that it reports; its exit code must say the same."""
    done = CliRunner().invoke(xianjie, ["--db", case.url, "-f", "json", "audit", "verify", *more])
    if not done.stdout:
        return {json.loads(done.stderr)["code"]}
    report = json.loads(done.stdout)
    assert (done.exit_code == 0) == report["ok"] == (not report["findings"])
    assert done.exit_code in {0, 5}
    return {each["kind"] for each in report["findings"]}


def found_by_signatures(case: Attacked) -> set[str]:
    engine = open_database(case.url, read_only=True)
    try:
        if not verify(engine).ok:
            return set()
        return {each.kind for each in check_signatures(engine, _keys_of).findings}
    finally:
        engine.dispose()


def found_in_vault(case: Case) -> set[str]:
    ledger = Ledger(str(case.database))
    vault = Vault(case.folder / "vault.db", ORIGIN)
    try:
        vault.unlock(case.folder / "vault.key", PASSPHRASE)
        return {each.kind for each in Custody(ledger, vault).verify()}
    except LedgerError as error:
        return {error.code}
    finally:
        vault.close()
        ledger.close()


def found_in_backup(case: Case) -> set[str]:
    done = CliRunner().invoke(
        xianjie, ["--db", str(case.database), "-f", "json", "backup", "verify", str(case.folder / "backup")]
    )
    return set() if done.exit_code == 0 else {json.loads(done.stderr)["code"]}


def found(case: Attacked, means: str) -> set[str]:
    match means:
        case "verify":
            return found_by_verify(case)
        case "signatures":
            return found_by_signatures(case)
        case "checkpoint":
            return found_by_verify(case, "--checkpoint", str(case.saved))
        case "vault":
            assert isinstance(case, Case)
            return found_in_vault(case)
        case _:
            assert isinstance(case, Case)
            return found_in_backup(case)


def test_a_ledger_that_nobody_attacked_raises_no_alarm(case: Case) -> None:
    for means in (*MEANS, "vault", "backup"):
        assert found(case, means) == set()


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_found_by_what_is_said_to_find_it_and_by_nothing_weaker(case: Case, name: str) -> None:
    attack = ATTACKS[name]
    attack.do(case)
    if attack.found_by in {"vault", "backup"}:
        assert attack.kind in found(case, attack.found_by)
        return
    for means in MEANS:
        if means == attack.found_by:
            assert attack.kind in found(case, means)
            return
        assert found(case, means) == set()
    assert attack.why


def test_a_ledger_in_postgresql_that_nobody_attacked_raises_no_alarm(case_on_postgresql: PostgresCase) -> None:
    for means in MEANS:
        assert found(case_on_postgresql, means) == set()


@pytest.mark.parametrize("name", ATTACKS_ON_POSTGRESQL)
def test_an_attack_on_postgresql_is_found_by_what_is_said_to_find_it(
    case_on_postgresql: PostgresCase, name: str
) -> None:
    attack = ATTACKS_ON_POSTGRESQL[name]
    attack.do(case_on_postgresql)
    for means in MEANS[: MEANS.index(attack.found_by)]:
        assert found(case_on_postgresql, means) == set()
    assert attack.kind in found(case_on_postgresql, attack.found_by)


def test_there_are_enough_attacks_and_every_exception_says_why() -> None:
    assert len([one for one in ATTACKS.values() if one.found_by != "nothing"]) >= 40
    assert {one.found_by for one in ATTACKS.values()} == {*MEANS, "vault", "backup", "nothing"}
    assert len(ATTACKS_ON_POSTGRESQL) >= 15
    assert all((one.found_by == "nothing") == bool(one.why) for one in ATTACKS.values())


def test_nothing_more_is_recorded_on_a_ledger_whose_end_was_cut_off(case: Case, tmp_path: Path) -> None:
    del tmp_path
    case.cut_last_batch()
    done = CliRunner().invoke(
        xianjie,
        ["--db", str(case.database), "-f", "json", "project", "start", "P1", "--date", "2022-02-01"],
    )
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, "log.history_changed")
