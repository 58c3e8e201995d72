"""A notice downloaded from the site is checked without the program: each line against the entries it stands on."""

from __future__ import annotations

import base64
import importlib.util
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger.database import open_database
from ledger.log.schema import create_log
from ledger.transparency.checkpoint import Checkpoint
from projections.extracts.summands import MEASURES
from projections.scope import Question
from projections.site.build import build
from tests.projections.conftest import History
from tests.projections.small_year import busy_year, publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

NOTICES = [
    *("allocation", "plan", "adjustment", "completion", "library", "plan_completion", "asset", "rights", "income"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public site of a busy year."""
    base = tmp_path_factory.mktemp("site")
    engine = open_database(str(base / "ledger.db"), create=True)
    create_log(engine, "520201.test.xianjie.example/ledger")
    history = busy_year(History(engine))
    publish(history)
    for path, data in build(history.engine, Question("520201", 2024, as_of=date(2024, 12, 31))):
        place = base / "site" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    engine.dispose()
    return base / "site"


@pytest.fixture(scope="module")
def program(folder: Path) -> ModuleType:
    """The verifier as it lies in the site."""
    spec = importlib.util.spec_from_file_location("handed_out_verifier", folder / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Desk:
    """Where a reader keeps a notice and its proofs, and what the verifier says of them."""

    def __init__(self, program: ModuleType, folder: Path, name: str, tmp_path: Path) -> None:
        self._program, self._saved, self._here = program, folder / "checkpoint.txt", tmp_path
        self.notice: dict[str, Any] = json.loads((folder / f"notices/{name}.json").read_bytes())
        self.proofs: dict[str, Any] = json.loads((folder / f"notices/{name}.proofs.json").read_bytes())

    def wrong(self) -> list[str]:
        """Return what the verifier finds wrong."""
        for name, data in (("notice.json", self.notice), ("proofs.json", self.proofs)):
            text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
            (self._here / name).write_text(text + "\n", "utf-8")
        saved = [self._program.head_in(self._saved.read_text("utf-8"))]
        try:
            found, wrong = self._program.run(self._here / "notice.json", [], saved, self._here / "proofs.json")
        except self._program.WrongError as error:
            return [str(error)]
        assert found
        return list(wrong)

    def values(self) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield each line with each of its columns."""
        for line in self.notice["lines"]:
            for column in self.notice["columns"]:
                yield line, column["key"]


@pytest.fixture
def desk(program: ModuleType, folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    return Desk(program, folder, request.param, tmp_path)


every = pytest.mark.parametrize("desk", NOTICES, indirect=True)


@every
def test_a_notice_is_proved_line_by_line_by_the_files_of_the_site(folder: Path, desk: Desk) -> None:
    name = desk.notice["template"]
    files = [f"notices/{name}.json", "--proofs", f"notices/{name}.proofs.json", "--checkpoint", "checkpoint.txt"]
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", *files], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    count = sum(len(how["cells"]) for how in desk.proofs["lines"])
    assert count > len(desk.notice["lines"])
    assert f"{len(desk.notice['lines'])} 行中" in done.stdout
    assert done.stdout.endswith("结论:未发现问题\n")


@every
def test_a_changed_value_is_found_whatever_column_it_is_in(desk: Desk) -> None:
    assert desk.wrong() == []
    for number, (line, key) in enumerate(desk.values()):
        right = line[key]
        how = desk.proofs["lines"][number // len(desk.notice["columns"])]["cells"].get(key, {})
        line[key] = right + 1 if isinstance(right, int) else f"{right or ''}改"
        if "at" in how or how.get("sum"):
            assert desk.wrong(), (key, right)
        else:
            assert right in {"", None, 0, "未开工"}, key
        line[key] = right
    assert desk.wrong() == []


@every
def test_a_line_or_an_entry_that_is_gone_is_missed(desk: Desk) -> None:
    gone = desk.notice["lines"].pop()
    assert any("行" in each for each in desk.wrong())
    desk.notice["lines"].append(gone)
    desk.proofs["entries"] = {}
    assert desk.wrong()


@every
def test_words_are_for_codes_and_lead_from_no_text_to_another(desk: Desk) -> None:
    for line, key in desk.values():
        if isinstance(line[key], str) and line[key] and key in {"name", "unit", "document", "goal", "project"}:
            right, line[key] = line[key], "别的"
            desk.proofs["words"] = {**desk.proofs["words"], key: {right: "别的"}}
            assert desk.wrong(), key
            line[key] = right
            return
    assert desk.notice["template"] in {"rights", "income", "asset"}


@pytest.mark.parametrize("desk", ["completion"], indirect=True)
def test_a_cell_is_told_by_its_own_field_of_its_own_thing_and_nothing_else(desk: Desk) -> None:
    (line,), (how,) = desk.notice["lines"], desk.proofs["lines"]
    cells = how["cells"]
    # The day of completion is a day of the project, and so is that of its start: each has its own column.
    line["started_on"], cells["started_on"] = line["completed_on"], cells["completed_on"]
    assert desk.wrong()
    line["started_on"] = "2024-04-01"
    assert desk.wrong()
    line["goal"], cells["goal"] = line["unit"], cells["unit"]
    assert desk.wrong()


@pytest.mark.parametrize("desk", ["completion"], indirect=True)
def test_a_sum_adds_each_entry_once_and_only_those_of_its_measure(desk: Desk) -> None:
    (line,), (how,) = desk.notice["lines"], desk.proofs["lines"]
    paid = how["cells"]["paid_fen"]
    paid["sum"] = [*paid["sum"], paid["sum"][0]]
    line["paid_fen"] += 30_000
    desk.notice["totals"]["paid_fen"] += 30_000
    assert desk.wrong()
    line["paid_fen"], how["cells"]["paid_fen"] = line["funded_fen"], how["cells"]["funded_fen"]
    desk.notice["totals"]["paid_fen"] = line["funded_fen"]
    # Money that was allotted is no money paid; only columns of a plan's levels are of the same measure.
    assert desk.wrong()


@pytest.mark.parametrize("desk", ["allocation"], indirect=True)
def test_the_document_of_the_money_is_reached_over_its_tranches(desk: Desk) -> None:
    ways = [how["cells"]["source_document"]["via"] for how in desk.proofs["lines"]]
    assert max(map(len, ways)) == 3
    long = next(how for how in desk.proofs["lines"] if len(how["cells"]["source_document"]["via"]) == 3)
    long["cells"]["source_document"]["via"].pop(1)
    assert desk.wrong()


@pytest.mark.parametrize("desk", ["plan"], indirect=True)
def test_a_record_that_was_changed_is_not_in_the_ledger(desk: Desk) -> None:
    for entry in desk.proofs["entries"].values():
        right = entry["record"]
        record = bytearray(base64.b64decode(right))
        record[-3] ^= 1
        entry["record"] = base64.b64encode(record).decode()
        assert any("证明不成立" in each for each in desk.wrong())
        entry["record"] = right
    desk.proofs["checkpoint"] = desk.proofs["checkpoint"].replace("520201", "520203", 1)
    assert desk.wrong()


@pytest.mark.parametrize("desk", ["plan"], indirect=True)
def test_without_the_proofs_or_a_known_checkpoint_nothing_is_believed(
    folder: Path, program: ModuleType, desk: Desk
) -> None:
    assert desk.wrong() == []
    plan, proofs = folder / "notices/plan.json", folder / "notices/plan.proofs.json"
    with pytest.raises(program.WrongError, match="--proofs"):
        program.run(plan, [], [], None)
    with pytest.raises(program.WrongError, match="--checkpoint"):
        program.run(plan, [], [], proofs)
    other = program.Head("520201.test.xianjie.example/ledger", 3, bytes(32))
    with pytest.raises(program.WrongError, match="不是同一个"):
        program.run(plan, [], [other], proofs)


def test_the_verifier_and_the_program_agree_on_what_adds_up_to_what(program: ModuleType) -> None:
    """Two tables, written apart, because the one may not be made from the other."""
    for measure, spec in MEASURES.items():
        of, topics, field = program.MEASURES[measure]
        assert of == spec["of"]
        assert topics == {topic: sign for topic, (_, sign) in spec["topics"].items()}
        for topic, (name, _) in spec["topics"].items():
            own = program.OTHERWISE.get((measure, topic), field)
            assert own == name.removesuffix(".amount_fen"), (measure, topic)


def test_the_checkpoint_in_the_folder_is_the_one_that_every_page_shows(folder: Path) -> None:
    checkpoint = Checkpoint.parse((folder / "checkpoint.txt").read_text("utf-8"))
    root = base64.b64encode(checkpoint.root).decode()
    assert all(root in page.read_text("utf-8") for page in folder.rglob("*.html"))
    assert (folder / "verify.py").read_bytes() == (Path(__file__).parents[2] / "verifier/verify.py").read_bytes()
