"""Notices on the command line: drafted, checked, published from the draft, verified, amended, taken down."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.words import field_text
from ledger.database import open_database, read_transaction
from ledger.log.reading import root_at

if TYPE_CHECKING:
    from tests.cli.conftest import Program

START = "project start P1 --date 2022-02-01"
BARE = "notice draft plan --area 520203 --year 2022 --as-of 2022-12-31 -o {}"
DRAFT = f"{BARE} --note 补助标准:每棚15万元 --note 责任人:农业农村局项目股股长"
WITHDRAW = "notice withdraw {} --date 2022-03-01 --reason 项目调整"
DUE = "notice due --area 520203 --year 2022 --as-of 2022-06-30"
APPROVE = "notice approve N9 --file {} --date 2022-02-01"
PUBLISH = "notice publish N9 --file {} --channel 政府网站 --from 2022-02-01 --date 2022-02-01 --doc 示1号"


def test_a_draft_is_published_with_its_subjects_hash_and_position(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "计划.json"
    at = funded.position()
    assert "1 行" in funded.ok(*DRAFT.format(file).split())
    funded.ok(*START.split())
    (event,) = funded.json(*PUBLISH.format(file).split())["events"]
    assert event["data"]["position"] == at
    assert [each["code"] for each in event["data"]["subjects"]] == ["P1"]
    again = DRAFT.format(tmp_path / "again.json").split()
    assert event["data"]["content_hash"] in funded.ok(*again, "--known-at", str(at))


def test_the_site_shows_the_very_draft_that_was_published_and_hands_out_what_checks_it(
    funded: Program, tmp_path: Path
) -> None:
    file, folder = tmp_path / "计划.json", tmp_path / "网站"
    funded.ok(*DRAFT.format(file).split(), "--note", "分配原则:突出产业")
    funded.ok(*PUBLISH.format(file).split())
    funded.ok(*START.split())
    funded.ok(*f"site build --area 520203 --year 2022 --as-of 2022-12-31 -o {folder}".split())
    (listed,) = json.loads((folder / "index.json").read_bytes())["notices"]
    assert (folder / listed["content"]).read_bytes() == file.read_bytes()
    proofs = listed["content"].replace(".json", ".proofs.json")
    asked = [listed["content"], "--proofs", proofs, "--checkpoint", "checkpoint.txt"]
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", *asked], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert listed["content_hash"] in done.stdout
    assert done.stdout.endswith("结论:未发现问题\n")


def test_a_draft_is_verified_line_by_line(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    funded.ok(*DRAFT.format(file).split())
    funded.ok(*START.split())
    assert "逐字相符" in funded.ok("notice", "verify", str(file))
    changed = json.loads(file.read_bytes())
    changed["lines"][0]["central_fen"] += 1
    file.write_text(json.dumps(changed, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    done = funded.run("notice", "verify", str(file))
    assert done.exit_code == 1
    assert "第 1 行 central_fen" in done.stdout
    assert "R27" in done.stderr


def _edited(file: Path, **changes: object) -> Path:
    """Write a draft again with other values, as canonical as the ledger would: only what it says differs."""
    draft = json.loads(file.read_bytes()) | changes
    file.write_text(json.dumps(draft, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return file


def test_a_draft_that_was_edited_is_neither_published_nor_amended(funded: Program, tmp_path: Path) -> None:
    file, good = tmp_path / "tamper.json", tmp_path / "plan.json"
    for each in (file, good):
        funded.ok(*DRAFT.format(each).split())
    (line,) = json.loads(file.read_bytes())["lines"]
    _edited(file, lines=[line | {"name": "另一个基地", "central_fen": line["central_fen"] + 100_000_000}])
    code, error = funded.refused(*PUBLISH.format(file).split())
    assert (code, error["code"], "xianjie notice verify" in error["hint"]) == (1, "extract.differs", True)
    funded.ok(*PUBLISH.format(good).split())
    amend = PUBLISH.format(file).replace("publish", "amend").split()
    assert funded.refused(*amend, "--reason", "改")[1]["code"] == "extract.differs"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ("--template rights --title 别的标题", ("种类", "标题")),
        ("--template 权利分置", ("种类",)),
        ("--area 520200", ("地区",)),
        ("--subject T2", ("公开的对象",)),
        (f"--content-hash {'a' * 64}", ("内容指纹",)),
    ],
)
def test_a_flag_that_contradicts_the_draft_is_refused(
    funded: Program, tmp_path: Path, flags: str, words: tuple[str, ...]
) -> None:
    file = tmp_path / "plan.json"
    funded.ok(*DRAFT.format(file).split())
    code, error = funded.refused(*PUBLISH.format(file).split(), *flags.split())
    assert (code, error["code"]) == (1, "notice.contradicts")
    assert all(each in error["message"] for each in words)


def test_a_flag_that_says_what_the_draft_says_is_accepted(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    funded.ok(*DRAFT.format(file).split())
    funded.ok(*PUBLISH.format(file).split(), "--template", "年度项目计划", "--area", "520203", "--subject", "P1")


def test_a_draft_without_what_the_rules_ask_for_is_refused_with_rule_and_source(
    funded: Program, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    funded.ok(*BARE.format(file).split(), "--note", "补助标准:", "--note", "责任人:项目股股长")
    for arguments in (["notice", "check", str(file)], PUBLISH.format(file).split(), APPROVE.format(file).split()):
        code, error = funded.refused(*arguments)
        assert (code, error["code"]) == (1, "notice.incomplete")
        assert ("补助标准" in error["message"], "责任人" in error["message"]) == (True, False)
        assert "国开办发〔2018〕11号" in error["rule"]
        assert "--note 补助标准:" in error["hint"]
    funded.ok(*DRAFT.format(file).split())
    assert "没有发现" in funded.ok("notice", "check", str(file))


def test_an_allocation_says_its_principle_and_adds_up_each_level(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "allocation.json"
    draft = BARE.replace("plan", "allocation").format(file).split()
    funded.ok(*draft)
    code, error = funded.refused("notice", "check", str(file))
    assert (code, error["code"], "分配原则" in error["message"]) == (1, "notice.incomplete", True)
    funded.ok(*draft, "--note", "分配原则:按项目库先后安排")
    funded.ok("notice", "check", str(file))
    shown = funded.ok(*" ".join(draft).replace("draft", "preview").split()[:-2])
    assert "分级次金额:中央 3,000,000.00 元" in shown


def test_the_site_shows_the_notes_of_the_notice_that_is_up(funded: Program, tmp_path: Path) -> None:
    file, folder = tmp_path / "plan.json", tmp_path / "site"
    funded.ok(*DRAFT.format(file).split())
    funded.ok(*PUBLISH.format(file).split())
    build = f"site build -o {folder} --area 520203 --year 2022 --as-of 2022-12-31 --force"
    funded.ok(*build.split())
    assert "责任人:农业农村局项目股股长" in (folder / "plan.html").read_text(encoding="utf-8")
    funded.ok(*WITHDRAW.format("N9").split())
    funded.ok(*build.split())
    assert "责任人" not in (folder / "plan.html").read_text(encoding="utf-8")


def test_a_publication_writes_down_the_root_of_the_ledger_it_was_cut_from(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    funded.ok(*DRAFT.format(file).split())
    funded.ok(*START.split())
    (event,) = funded.json(*PUBLISH.format(file).split())["events"]
    root = base64.b64decode(json.loads(file.read_bytes())["root"]).hex()
    assert event["data"]["root"] == root
    cut = field_text("cut", event["data"]["cut"])
    assert cut == "截至日期 2022-12-31,年度 2022,说明 补助标准:每棚15万元;责任人:农业农村局项目股股长"
    by_hand = "--template plan --title 计划 --area 520203 --subject P1 --channel 政府网站 --from 2022-02-01"
    engine = open_database(funded.url)
    with read_transaction(engine) as connection:
        now = root_at(connection, funded.position()).hex()
    engine.dispose()
    (event,) = funded.json("notice", "publish", "N8", *by_hand.split(), "--date", "2022-02-01")["events"]
    assert event["data"]["root"] == now


def test_on_both_databases_the_audit_holds_the_root_against_the_log(year: Program, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    year.ok(*DRAFT.format(file).split())
    year.ok("income", "open", "S9", "--name", "大棚收益", "--asset", "A1", "--date", "2022-09-01")
    (event,) = year.json(*PUBLISH.format(file).split())["events"]
    assert event["data"]["root"] == base64.b64decode(json.loads(file.read_bytes())["root"]).hex()
    assert year.json("audit", "verify")["ok"] is True


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"as_of": "nope"}, "as_of"),
        ({"as_of": 20221231}, "as_of"),
        ({"template": "zzz"}, "template"),
        ({"notes": 5}, "notes"),
        ({"notes": ["好", 5]}, "notes"),
        ({"columns": 3}, "columns"),
        ({"lines": [[]]}, "lines"),
        ({"subjects": "P1"}, "subjects"),
        ({"position": True}, "position"),
        ({"position": -1}, "position"),
        ({"year": "2022"}, "year"),
        ({"area": "贵州"}, "area"),
        ({"place": "x" * 9}, "place"),
        ({"title": ""}, "title"),
    ],
)
def test_a_draft_with_a_value_of_another_kind_is_refused_by_the_name_of_the_field(
    funded: Program, tmp_path: Path, changes: dict[str, object], where: str
) -> None:
    file = tmp_path / "plan.json"
    funded.ok(*DRAFT.format(file).split())
    _edited(file, **changes)
    for arguments in (["notice", "verify", str(file)], PUBLISH.format(file).split(), APPROVE.format(file).split()):
        code, error = funded.refused(*arguments)
        assert (code, error["code"], where in error["message"]) == (1, "extract.unreadable", True)


def test_a_draft_with_more_than_it_should_say_is_told_where_it_differs(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    funded.ok(*DRAFT.format(file).split())
    done = funded.run("notice", "verify", str(_edited(file, more="多出来的")))
    assert (done.exit_code, "more" in done.stdout, "多出来的" in done.stdout) == (1, True, True)


def test_a_file_that_is_no_draft_is_refused(funded: Program, tmp_path: Path) -> None:
    deep = b"[" * 100_000
    lone = b'{"format":"xianjie.extract.1","title":"\\ud800"}'
    for content in (b"{}", b"[1]", b"\xff", b"", deep, lone, b'{"format":"xianjie.extract.1"}'):
        (tmp_path / "x.json").write_bytes(content)
        code, error = funded.refused("notice", "verify", str(tmp_path / "x.json"))
        assert (code, error["code"]) == (1, "extract.unreadable")


def test_every_form_is_written_and_an_unknown_one_refused(funded: Program, tmp_path: Path) -> None:
    for suffix in ("json", "xlsx", "docx", "csv"):
        funded.ok(*DRAFT.format(tmp_path / f"plan.{suffix}").split())
        assert (tmp_path / f"plan.{suffix}").stat().st_size > 100
    code, error = funded.refused(*DRAFT.format(tmp_path / "plan.odt").split())
    assert (code, error["code"]) == (1, "extract.suffix")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("plan")) == [
        "plan.csv",
        "plan.docx",
        "plan.json",
        "plan.xlsx",
    ]


@pytest.mark.skipif(not find_spec("weasyprint"), reason="the extra pdf is not installed: pip install weasyprint")
def test_a_notice_is_written_as_pdf_twice_the_same_and_never_with_a_telephone_number(
    funded: Program, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("1.pdf", "2.pdf")]
    for file in files:
        funded.ok(*DRAFT.format(file).split())
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes().startswith(b"%PDF-")
    leaking = tmp_path / "3.pdf"
    code, error = funded.refused(*DRAFT.format(leaking).split(), "--note", "联系电话 138-0013-8000")
    assert (code, error["code"], leaking.exists()) == (1, "extract.personal_data", False)


LATIN = Path("/usr/share/fonts/truetype/dejavu")


@pytest.mark.skipif(not find_spec("weasyprint"), reason="the extra pdf is not installed: pip install weasyprint")
@pytest.mark.parametrize("fonts", ["", str(LATIN)], ids=["no fonts", "Latin fonts"])
def test_a_machine_without_chinese_fonts_writes_no_pdf_of_empty_boxes(
    funded: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fonts: str
) -> None:
    config = tmp_path / "fonts.conf"
    cache = f"<cachedir>{tmp_path}</cachedir>"
    config.write_text(f"<fontconfig><dir>{fonts or tmp_path}</dir>{cache}</fontconfig>", encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    code, error = funded.refused(*DRAFT.format(tmp_path / "plan.pdf").split())
    assert (code, error["code"], "没有字体" in error["message"]) == (1, "extract.no_pdf", True)
    assert not (tmp_path / "plan.pdf").exists()


@pytest.mark.parametrize(("raised", "words"), [("ImportError", "没有安装"), ("OSError", "Pango")])
def test_without_its_means_no_pdf_is_written_and_the_way_out_is_named(
    funded: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: str, words: str
) -> None:
    (tmp_path / "weasyprint.py").write_text(f"raise {raised}", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code, error = funded.refused(*DRAFT.format(tmp_path / "plan.pdf").split())
    assert (code, error["code"], words in error["message"]) == (1, "extract.no_pdf", True)
    assert ".docx" in error["hint"]
    assert not (tmp_path / "plan.pdf").exists()


def test_a_draft_with_a_telephone_number_is_stopped_and_nothing_is_written(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    code, error = funded.refused(*DRAFT.format(file).split(), "--note", "联系电话 138-0013-8000")
    assert (code, error["code"]) == (1, "extract.personal_data")
    assert "手机号码" in error["message"]
    assert "8000" not in error["message"]
    assert not file.exists()


def test_any_file_can_be_checked(funded: Program, tmp_path: Path) -> None:
    good, bad = tmp_path / "好.txt", tmp_path / "坏.html"
    good.write_text("资金 1,380,013,800.00 元", encoding="utf-8")
    bad.write_text("<b>138</b>0013<i>8000</i>", encoding="utf-8")
    assert "没有发现" in funded.ok("notice", "check", str(good))
    code, error = funded.refused("notice", "check", str(good), str(bad))
    assert (code, error["code"], "坏.html" in error["message"]) == (1, "extract.personal_data", True)


def _short_codes(program: Program) -> None:
    """Add projects whose codes are digits that every number has."""
    for code in "138":
        program.ok(
            *f"project add {code} --name 路 --area 520203 --year 2022 --type 种植业基地 --date 2022-01-10".split()
        )
        program.ok(*f"project approve {code} --date 2022-01-11".split())
        program.ok(*f"project plan {code} --amount 1万元 --date 2022-01-12".split())


PERSON = "李某 520203198503124012 电话13800138000"


@pytest.mark.parametrize("suffix", ["json", "xlsx", "docx", "csv"])
def test_short_codes_of_projects_do_not_blind_the_check(funded: Program, tmp_path: Path, suffix: str) -> None:
    # Notes stand in every form but CSV, which has lines alone.
    _short_codes(funded)
    file = tmp_path / f"c3.{suffix}"
    drafted = funded.run(*DRAFT.format(file).split(), "--note", PERSON)
    assert (drafted.exit_code, file.exists()) == ((0, True) if suffix == "csv" else (1, False))


def test_short_codes_do_not_blind_a_publication_either(funded: Program, tmp_path: Path) -> None:
    _short_codes(funded)
    file = tmp_path / "plan.json"
    funded.ok(*DRAFT.format(file).split())
    draft = json.loads(file.read_bytes()) | {"notes": [PERSON]}
    file.write_text(json.dumps(draft, ensure_ascii=False), encoding="utf-8")
    code, error = funded.refused(*PUBLISH.format(file).split())
    assert (code, error["code"]) == (1, "extract.personal_data")
    assert ("身份证号码" in error["message"], "手机号码" in error["message"]) == (True, True)


def test_a_preview_is_looked_through_like_a_draft(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    preview = ("notice", "preview", "plan", "--area", "520203", "--year", "2022", "--note", "联系 138 001 38000")
    for options in ((), ("-o", str(file)), ("-o", str(file.with_suffix(".xlsx")))):
        code, error = funded.refused(*options, *preview)
        assert (code, error["code"]) == (1, "extract.personal_data")
    assert list(tmp_path.glob("p.*")) == []
    funded.ok("-o", str(file), *preview[:-1], "联系 0858-8223456")
    assert file.exists()


def test_a_file_that_cannot_be_read_is_not_said_to_be_clean(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "名单.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    code, error = funded.refused("notice", "check", str(file))
    assert (code, error["code"]) == (1, "extract.closed")
    assert "读不出,不能放行:名单.pdf" in error["message"]
    assert "原稿" in error["hint"]


def test_a_notice_is_amended_for_a_reason_and_taken_down_once(funded: Program, tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    funded.ok(*DRAFT.format(first).split())
    funded.ok(*PUBLISH.format(first).split())
    amend = f"notice amend N9 --file {second} --channel 政府网站 --from 2022-02-09 --date 2022-02-09"
    funded.ok(*DRAFT.format(second).split(), "--note", "第一行说明已更正")
    assert funded.refused(*amend.split())[1]["code"] == "notice.reason"
    same = f"notice amend N9 --file {first} --channel 政府网站 --from 2022-02-09 --date 2022-02-09 --reason 改"
    assert funded.refused(*same.split())[1]["code"] == "notice.unchanged"
    (event,) = funded.json(*amend.split(), "--reason", "说明有误")["events"]
    assert event["data"]["replaces"] != event["data"]["content_hash"]
    funded.ok(*WITHDRAW.format("N9").split())
    again = funded.refused(*WITHDRAW.format("N9").split())
    assert (again[0], again[1]["code"]) == (1, "notice.withdrawn")
    assert funded.refused(*WITHDRAW.format("没有").split())[0] == 3


def test_in_a_trial_ledger_one_person_approves_and_is_told_so(funded: Program, tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    funded.ok(*DRAFT.format(first).split())
    funded.ok(*DRAFT.format(second).split(), "--note", "另一稿")
    assert "一人批准,不是两人办理" in funded.ok(*APPROVE.format(first).split())
    assert funded.refused(*APPROVE.format(first).split())[1]["code"] == "notice.approved_already"
    code, error = funded.refused(*PUBLISH.format(second).split())
    assert (code, error["code"], "内容指纹" in error["message"]) == (1, "notice.not_as_approved", True)
    funded.ok(*PUBLISH.format(first).split())


def test_a_draft_that_is_not_the_ledgers_is_not_approved(funded: Program, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    funded.ok(*DRAFT.format(file).split())
    file.write_bytes(file.read_bytes().replace("种植".encode(), "养殖".encode()).replace(b'"place":""', b'"place": ""'))
    before = funded.position()
    code, error = funded.refused(*APPROVE.format(file).split())
    assert (code, error["code"]) == (1, "extract.differs")
    assert funded.position() == before


def test_what_is_owed_is_listed_with_its_day_and_source(funded: Program) -> None:
    text = funded.ok(*DUE.split())
    assert "未公开" in text
    assert "国开办发〔2018〕11号" in text
    rows = funded.json(*DUE.split())["rows"]
    (plan,) = [row for row in rows if row["duty"] == "plan-county"]
    assert (plan["subject"], plan["state"], plan["due_on"]) == ("P1", "missing", "2022-02-14")
