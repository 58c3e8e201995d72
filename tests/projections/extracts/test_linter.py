"""The last gate: what looks like a person in any disguise stops the export, and amounts and codes do not."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import unicodedata
import zipfile
import zlib
from base64 import b64encode
from typing import TYPE_CHECKING

import docx
import pytest

from projections.extracts.linter import leaks_in, leaks_in_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FULL_WIDTH = {ord(sign): ord(sign) - ord("0") + 0xFF10 for sign in "0123456789"} | {ord("X"): 0xFF38}
ARABIC = {ord(sign): ord(sign) - ord("0") + 0x660 for sign in "0123456789"}
HAN = dict(zip(map(ord, "0123456789"), "〇一二三四五六七八九", strict=True))


def chance(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same on every run, and no secret


def identity(rng: random.Random) -> str:
    body = (
        f"5202{rng.randrange(1, 5):02d}{rng.randrange(1940, 2015)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
    )
    body += f"{rng.randrange(1000):03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def mobile(rng: random.Random) -> str:
    return f"1{rng.randrange(3, 10)}{rng.randrange(10**9):09d}"


def card(rng: random.Random) -> str:
    body = "62" + f"{rng.randrange(10**16):016d}"
    doubled = [int(d) * 2 - 9 * (int(d) * 2 > 9) for d in body[::-1][::2]]
    return body + str(-(sum(doubled) + sum(map(int, body[::-1][1::2]))) % 10)


def grouped(number: str, *sizes: int, by: str = " ") -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return by.join([*parts, number[at:]]).rstrip(by)


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": lambda n: f"电话{n}。",
    "full width": lambda n: n.translate(FULL_WIDTH),
    "spaced": lambda n: (
        grouped(n, 6, 8, 4) if len(n) == 18 else grouped(n, 3, 4, 4) if len(n) == 11 else grouped(n, 4, 4, 4, 4)
    ),
    "dashed": lambda n: (
        grouped(n, 6, 8, 4, by="-")
        if len(n) == 18
        else grouped(n, 3, 4, 4, by="-")
        if len(n) == 11
        else grouped(n, 4, 4, 4, 4, by="-")
    ),
    "bold in part": lambda n: f"<td>{n[:3]}<b>{n[3:7]}</b>{n[7:]}</td>",
    "span and comment": lambda n: f"<p>{n[:5]}<!-- x --><span class='a'>{n[5:]}</span></p>",
    "soft hyphens": lambda n: "\u00ad".join((n[:4], n[4:9], n[9:])),
    "zero width": "\u200b".join,
    "entities": lambda n: "".join(f"&#{ord(c)};" for c in n),
    "hexadecimal entities": lambda n: "".join(f"&#x{ord(c):x};" for c in n),
    "attribute": lambda n: f'<a title="{n}">户</a>',
    "data attribute": lambda n: f"<tr data-id='{n}'>",
    "comment": lambda n: f"<!-- {n} -->",
    "json string": lambda n: f'{{"name":"{n}"}}',
    "json escapes": lambda n: "".join(f"\\u{ord(c):04x}" for c in n),
    "one escape": lambda n: f"\\u{ord(n[0]):04x}{n[1:]}",
    "an escape in braces": lambda n: f"{n[:2]}\\u{{{ord(n[2]):x}}}{n[3:]}",
    "url": lambda n: "?q=" + "".join(f"%{ord(c):02X}" for c in n),
    "after letters of Han": lambda n: f"王某{n}号",
    "rich text runs": lambda n: f"<si><r><t>{n[:6]}</t></r><r><rPr><b/></rPr><t>{n[6:]}</t></r></si>",
    "word runs": lambda n: f"<w:p><w:r><w:t>{n[:6]}</w:t></w:r><w:r><w:rPr/><w:t>{n[6:]}</w:t></w:r></w:p>",
    "base64": lambda n: f'{{"record":"{b64encode(f"户主电话{n},三组".encode()).decode()}"}}',
    "in csv": lambda n: f"张某,{n},三组\r\n",
    "Arabic-Indic digits": lambda n: f"电话{n.translate(ARABIC)}",
    "digits of Han": lambda n: f"电话{n.translate(HAN)},三组",
    "some digits of Han": lambda n: n[:4] + n[4:9].translate(HAN) + n[9:],
    "keycaps": lambda n: "".join(f"{c}\ufe0f\u20e3" for c in n),
    "spelling marks and bookmarks": lambda n: (
        f'<w:p><w:r><w:t>{n[:3]}</w:t></w:r><w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="0" w:name="a"/>'
        f'<w:r><w:rPr><w:b/><w:rFonts w:ascii="x"/><w:sz w:val="18"/></w:rPr><w:t>{n[3:7]}</w:t></w:r>'
        f'<w:bookmarkEnd w:id="0"/><w:r><w:t xml:space="preserve">{n[7:]}</w:t></w:r></w:p>'
    ),
    "a deleted word inside": lambda n: (
        f"<w:p><w:t>{n[:5]}</w:t><w:del><w:delText>9</w:delText></w:del><w:t>{n[5:]}</w:t></w:p>"
    ),
    "spans of SVG": lambda n: f'<text x="1 2 3">{n[:3]}<tspan dx="4">{n[3:7]}</tspan><tspan>{n[7:]}</tspan></text>',
    "broken lines": lambda n: f"<td>{n[:3]}<br>{n[3:7]}<br/>{n[7:]}</td>",
    "lines of text": lambda n: f"电话:\n{n[:3]}\n{n[3:7]}\n{n[7:]}\n",
    "lines of a quoted cell": lambda n: f'3,"{n[:7]}\r\n{n[7:]}",三组\r\n',
    "grouped otherwise": lambda n: grouped(n, 3, 3) + "。",
    "lines in JSON": lambda n: json.dumps({"notes": [f"电话\n{n[:3]}\n{n[3:7]}\n{n[7:]}"]}),
    "escaped twice": lambda n: "".join(f"&amp;#{ord(c)};" for c in n),
    "behind a percentage": lambda n: f"完成100%{n}",
    "angle brackets": lambda n: f"张某 <{DISGUISES['spaced'](n)}>",
    "address of a telephone": lambda n: f"<a href='tel:{n}'>电话</a>",
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("kind", [identity, mobile, card])
def test_no_number_of_a_person_passes_in_this_disguise(kind: Callable[[random.Random], str], disguise: str) -> None:
    rng = chance(f"{kind.__name__} {disguise}")
    missed = [n for n in (kind(rng) for _ in range(50)) if not leaks_in_text("页", DISGUISES[disguise](n))]
    assert missed == []


def test_a_lower_case_check_letter_is_one_too() -> None:
    rng = chance(7)
    number = next(n for n in (identity(rng) for _ in range(200)) if n.endswith("X"))
    assert [leak.kind for leak in leaks_in_text("页", number.lower())] == ["identity_number"]


def test_archives_are_opened_and_member_names_are_read() -> None:
    number = mobile(chance(1))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("docProps/core.xml", f"<dc:creator>{number}</dc:creator>")
        archive.writestr(f"{number}.txt", "空")
        archive.comment = number.encode()
    where = {leak.where for leak in leaks_in("公告.xlsx", buffer.getvalue())}
    assert where == {"公告.xlsx(注释)", "公告.xlsx/docProps/core.xml", f"公告.xlsx/{number}.txt(文件名)"}


def test_the_name_of_a_file_is_read() -> None:
    assert leaks_in(f"{identity(chance(2))}.csv", b"x")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_text_is_read_in_every_encoding(encoding: str) -> None:
    text = f"户主电话 {mobile(chance(3))}"
    assert [leak.kind for leak in leaks_in("a.txt", text.encode(encoding))] == ["mobile_number"]


def test_a_damaged_archive_does_not_pass() -> None:
    assert [leak.kind for leak in leaks_in("a.xlsx", b"PK\x03\x04broken")] == ["archive_unreadable"]


def test_a_known_code_may_look_like_a_card_where_it_stands_whole() -> None:
    code = card(chance(4))
    assert leaks_in_text("页", f"项目 {code}")
    assert not leaks_in_text("页", f"项目 {code}", allowed=[code])
    assert not leaks_in_text("页", f"<a href='projects/P-{code}.html'>P-{code}</a>", allowed=[f"P-{code}"])
    assert leaks_in_text("页", f"卡号 {code}", allowed=[f"P-{code}"])


def test_codes_never_hide_a_person() -> None:
    rng = chance(4)
    numbers = [kind(rng) for kind in (identity, mobile) for _ in range(20)]
    for number in numbers:
        for codes in (list("0123456789"), [number], [number[3:7]]):
            assert leaks_in_text("页", f"李某 {number} 电话", allowed=codes), (number, codes)


@pytest.mark.parametrize(
    "text",
    [
        "Tel{}",
        "TEL:{}",
        "M{}",
        "{}x",
        "0086{}",
        "+86{}",
        "+86 {}",
        "86-{}",
        "{}.0",
        "phone_{}",
        "3 {} 男",
        "一{}",
        "({})",
    ],
)
def test_a_mobile_is_found_beside_letters_prefixes_and_decimals_of_spreadsheets(text: str) -> None:
    assert [leak.kind for leak in leaks_in_text("表", text.format(mobile(chance(6))))] == ["mobile_number"]


@pytest.mark.parametrize(
    "text", ["138 001 38000", "1380 0138 000", "13800 138000", "138 00138000", "138-001-38000", "1380 2013 800"]
)
def test_a_mobile_is_found_however_it_is_grouped(text: str) -> None:
    assert [leak.kind for leak in leaks_in_text("表", f"联系人:李某 {text}。")] == ["mobile_number"]


def test_a_card_is_found_in_lines_of_which_one_looks_like_a_year() -> None:
    assert leaks_in_text("页", "<td>624<br>2050<br/>673707417007</td>") == [("页", "bank_card")]


@pytest.mark.parametrize(
    "text",
    [
        "13,800,138,000.00 元",
        "13800138000.00",
        "13912.345678",
        "13 800 138 000",
        "0.13800138000",
        "第1、3、5、6、7、8、9、12、15组",
        "1522-2024-013",
        "…,15\r\n520203102,甲村\r\n",
        "<td>138</td><td>1234</td><td>5678</td>",
        '<path d="M139 40C150 145 16 1234L138 0013 8000">',
        "[138, 1234, 5678]",
        '{"positions":[139,1234,5678]}',
        '<?xml version="1.0"?><Properties><Pages>15</Pages><Words>1234</Words><Lines>12345</Lines></Properties>',
        "8f14e45f-ceea-467f-8138-13912345678a",
        "黔财农〔2022〕15号 2022-03-15",
        "0858-8223456 12317",
        "二〇二二年三月十五日至二〇二三年",
    ],
)
def test_amounts_lists_tables_and_drawings_are_nobodys_numbers(text: str) -> None:
    assert leaks_in_text("表", text) == []


def test_an_amount_in_json_is_an_amount_and_a_text_that_looks_so_is_none() -> None:
    assert leaks_in_text("数据", '{"paid_fen":13800138000,"households":3}') == []
    assert leaks_in_text("页", '<script type="application/json">{"paid_fen":13800138000}</script>') == []
    for text in ('备注 {"paid_fen":13800138000}', json.dumps({"notes": ['"paid_fen":13800138000,']})):
        assert [leak.kind for leak in leaks_in_text("页", text)] == ["mobile_number"]


def test_everything_that_unicode_calls_invisible_is_taken_out() -> None:
    number = mobile(chance(8))
    signs = [chr(code) for code in range(0x80, 0x1F000) if unicodedata.category(chr(code)) == "Cf"]
    assert [hex(ord(sign)) for sign in signs if not leaks_in_text("页", number[:4] + sign + number[4:])] == []


def test_digits_of_every_script_are_digits() -> None:
    number = mobile(chance(9))
    zeros = [code for code in range(0x80, 0x1FC00) if unicodedata.decimal(chr(code), None) == 0]
    assert len(zeros) > 50
    written = {zero: "".join(chr(zero + int(digit)) for digit in number) for zero in zeros}
    assert [hex(zero) for zero, text in written.items() if not leaks_in_text("页", text)] == []


def document(*runs: str) -> bytes:
    """Return what Word and python-docx write: a paragraph whose parts look different."""
    made = docx.Document()
    paragraph = made.add_paragraph()
    for number, text in enumerate(runs):
        run = paragraph.add_run(text)
        run.bold, run.font.name = bool(number % 2), "仿宋"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_a_number_is_found_across_the_runs_of_a_document() -> None:
    assert leaks_in("说明.docx", document("联系电话见公示栏,", "共 138 户")) == []
    found = leaks_in("说明.docx", document("电话 138", "0013", "8000"))
    assert found == [("说明.docx/word/document.xml", "mobile_number")]


def archived(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


CLOSED = {
    "pdf": b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + zlib.compress(b"(138) Tj (00138000) Tj"),
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "电话13800138000".encode("utf-16-le"),
    "gz": gzip.compress(b"13800138000"),
    "tar.gz": archived("a.txt", b"13800138000"),
    "rtf": b"{\\rtf1 138\\b 0013\\b0 8000}",
    "eml": b"MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n=31=33=38",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "tar": b"a.txt" + bytes(600) + b"13800138000",
    "bin": bytes(range(256)),
}


@pytest.mark.parametrize("suffix", CLOSED)
def test_what_cannot_be_read_is_not_said_to_be_harmless(suffix: str) -> None:
    assert leaks_in(f"公告.{suffix}", CLOSED[suffix]) == [(f"公告.{suffix}", "unreadable")]


def test_a_picture_in_a_document_does_not_pass() -> None:
    buffer = io.BytesIO(document("清单见图"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/media/image1.png", CLOSED["png"])
    assert leaks_in("清单.docx", buffer.getvalue()) == [("清单.docx/word/media/image1.png", "unreadable")]


@pytest.mark.parametrize("place", ["before", "between", "in a comment", "in an extra field"])
def test_nothing_hides_in_an_archive_beside_its_members(place: str) -> None:
    number, buffer = mobile(chance(1)).encode(), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        first = zipfile.ZipInfo("a.txt")
        first.comment = number if place == "in a comment" else b""
        first.extra = b"\x99\x99\x0b\0" + number if place == "in an extra field" else b""
        archive.writestr(first, b"1")
        if place == "between":
            buffer.write(zlib.compress(number))
            archive.start_dir = buffer.tell()
        archive.writestr("b.txt", b"2")
    data = zlib.compress(number) * (place == "before") + buffer.getvalue()
    assert {leak.kind for leak in leaks_in("a.zip", data)} <= {"archive_unreadable", "mobile_number"}
    assert leaks_in("a.zip", data) != []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_of_two_bytes_a_sign_is_read_without_its_mark(encoding: str) -> None:
    assert leaks_in("a.txt", "Tel 13800138000".encode(encoding)) == [("a.txt", "mobile_number")]


def harmless(rng: random.Random) -> Iterator[str]:
    """Cells of one line that say nothing of a person, as pages, tables and JSON have them."""
    fen = rng.randrange(10 ** rng.randrange(3, 14))
    code = f"P5202{rng.randrange(1, 5):02d}20{rng.randrange(12, 27)}{rng.randrange(10_000):04d}"
    day = f"20{rng.randrange(12, 27)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
    row = (f"{fen // 100:,}.{fen % 100:02d}", f"{fen // 100}.{fen % 100:02d}", code, day, rng.randbytes(32).hex())
    yield from (f"<td>{cell}</td>" for cell in (*row, b64encode(rng.randbytes(32)).decode()))
    yield f"<td>{rng.randrange(3_000)}</td>"
    yield f"<td>0858-{rng.randrange(10**7):07d}</td>"
    yield f'{{"amount_fen":{fen},"households":{rng.randrange(900)}}}'
    yield f"<td>5202{rng.randrange(1, 5):02d}{rng.randrange(1, 999):03d}{rng.randrange(999):03d}</td>"


def alarms_in(lines: int, seed: int) -> tuple[int, int]:
    """How many cells were generated, and how many raised a false alarm."""
    rng, cells, alarms = chance(seed), 0, 0
    for _ in range(lines):
        for cell in harmless(rng):
            cells += 1
            alarms += bool(leaks_in_text("页", cell))
    return cells, alarms


def test_amounts_codes_dates_and_hashes_are_nobodys_numbers() -> None:
    cells, alarms = alarms_in(5_000, seed=5)
    assert (cells, alarms * 10_000 < cells) == (50_000, True)
    rng = chance(6)
    rows = (
        [cell for cell in harmless(rng) if cell.startswith("<td>")] for _ in range(5_000)
    )  # JSON is a file of its own
    page = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    assert leaks_in_text("页", page) == []


@pytest.mark.soak
def test_a_million_cells_raise_less_than_one_false_alarm_in_ten_thousand() -> None:
    cells, alarms = alarms_in(100_000, seed=8)
    assert (cells, alarms * 10_000 < cells) == (1_000_000, True)


@pytest.mark.soak
def test_of_a_million_cells_with_a_number_of_a_person_none_passes() -> None:
    ways = [(kind, disguise) for kind in (identity, mobile, card) for disguise in DISGUISES]
    rng, missed, cells = chance(9), list[str](), 0
    while cells < 1_000_000:
        for kind, disguise in ways:
            cells += 1
            if not leaks_in_text("页", DISGUISES[disguise](kind(rng))):
                missed.append(f"{kind.__name__} {disguise}")
    assert missed == []
