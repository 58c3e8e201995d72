"""A text as it can be read: as it stands, without its escapes, without its markup, its attributes, its comments.

Whoever looks for a number must look where a reader finds it: ``<b>138</b>0013<i>8000</i>`` is one number to the eye,
two cells of a table are not, and a comment is text of its own. Digits of every script become 0 to 9, and what nobody
sees is taken out. ``BORDER`` stands where no number goes on. Source: reliability.md 6 (any disguise, split markup).
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BORDER", "Reading", "folded", "readings"]

BORDER: Final = "\x1e"

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u115f\u1160\u3164\uffa0"  # controls and fillers
    "\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # format characters and tags
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"  # marks
)
"""What takes no place of its own: between two digits it hides nothing from the eye, and everything from a search."""
_FOREIGN_DIGIT: Final = re.compile(r"[^\D0-9]")
_SPOKEN_DIGITS: Final = dict(
    zip(map(ord, "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖壱弐参两幺"), "00012345678912345678912321", strict=True)
)
_SPOKEN_DIGIT: Final = f"[0-9{''.join(map(chr, _SPOKEN_DIGITS))}]"
_SPOKEN: Final = re.compile(
    rf"{_SPOKEN_DIGIT}(?:(?:[^\w{BORDER}]|_){{0,3}}{_SPOKEN_DIGIT}){{9,}}(?:(?:[^\w{BORDER}]|_){{0,3}}[Xx])?"
)
_ESCAPED: Final = re.compile(
    r"\\u([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}|\\x([0-9a-fA-F]{2})|_x([0-9a-fA-F]{4})_|((?:%[0-9a-fA-F]{2})+)|\\([nrtfvb/\"'])"
)
_LAST_CODE_POINT: Final = 0x10FFFF
_NESTED: Final = 3

_TAG: Final = re.compile(
    r"<!--.*?-->|<[!?][^<>]*>|</?([A-Za-z_][\w:.-]*)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>|</?[A-Za-z_][^<>]*>",
    re.DOTALL,
)
_COMMENT: Final = re.compile(r"<!--(.*?)-->", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"(?<![\w:.-])[\w:.-]+\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ASIDE: Final = re.compile(r"<((?:\w+:)?(?:del|instrText|rPh|rt|rp))\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
"""What stands in the text but not in what is read: deleted words, field codes, pronunciation."""
_GEOMETRY: Final = re.compile(
    r"(?<![\w:.-])(?:d|points|viewBox|transform|x|y|[xy][12]|c[xy]|r[xy]?|width|height|path)\s*=\s*(?:\"[^\"]*\"|'[^']*')"
)
"""Attributes that are coordinates: numbers that follow one another there are not one, and each is read alone."""
_SOFT: Final = re.compile("br|(?:w|a):br|w:cr|w:tab|text:(?:s|tab|line-break)")
_PARTING: Final = re.compile(
    "p|td|th|tr|table|tbody|thead|tfoot|caption|colgroup|div|li|ul|ol|dl|dt|dd|h[1-6]?|section|article|header|footer"
    "|main|nav|aside|form|fieldset|legend|option|select|textarea|label|button|title|desc|body|html|head|figure"
    "|figcaption|details|summary|pre|blockquote|address|hr|script|style"  # HTML and SVG
    "|tc|tbl|txbxcontent|footnote|endnote|comment|hdr|ftr|si|c|v|f|row|is|text|author"  # Word, Excel
    "|table-cell|table-row|list-item|annotation|entry|id|updated|published|name|content"  # OpenDocument, Atom
)
"""Elements, by local name in small letters, that part what stands before from what follows."""
_RUNNING: Final = re.compile(
    "document|glossarydocument|hdr|ftr|footnotes|endnotes|comments|sst|worksheet|wsdr|chartspace|sld|notes|svg|html"
    "|document-content|document-styles"
)
"""Roots of documents whose other elements only mark parts of a running text; in other XML every element is a field."""
_INLINE: Final = re.compile("r|t|rpr|b|i|u|s|em|strong|span|font|a|sup|sub|small|tspan|textpath|mark|wbr")


class Reading(NamedTuple):
    """One way to read a text; ``close`` says that what follows in it follows for the reader as well."""

    text: str
    close: bool = True


def readings(text: str) -> list[Reading]:
    """Return every way in which the text can be read, each once."""
    found: dict[Reading, None] = {}
    plain = folded(text)
    for each in dict.fromkeys((plain, _unescaped(plain))):
        if "<" in each and ">" in each:
            apart = _GEOMETRY.sub(lambda drawn: re.sub(r"\s+", BORDER, drawn[0]), each)
            found[Reading(apart, close=False)] = None
            found.update(dict.fromkeys(map(Reading, _without_markup(apart))))
        else:
            found[Reading(each)] = None
    spoken = BORDER.join(
        run.translate(_SPOKEN_DIGITS) for reading in found for run in _SPOKEN.findall(reading.text) if not run.isascii()
    )
    if spoken:
        found[Reading(spoken)] = None
    return list(found)


def folded(text: str) -> str:
    """Return the text with every digit as 0 to 9, in plain letters, and without what takes no place."""
    if text.isascii():
        return _UNSEEN.sub("", text)
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), plain)


def _unescaped(plain: str) -> str:
    """Return what the escapes of HTML, JSON, JavaScript, XLSX and addresses stand for, also where they are nested."""
    for _ in range(_NESTED):
        text = folded(html.unescape(_ESCAPED.sub(_character, plain)))
        if text == plain:
            break
        plain = text
    return plain


def _character(found: re.Match[str]) -> str:
    *codes, percent, sign = found.groups()
    if sign:
        return sign if sign in "/\"'" else "\n"
    if percent:
        return bytes.fromhex(percent.replace("%", "")).decode("utf-8", "replace")
    code = int(next(filter(None, codes)), 16)
    return chr(code) if code <= _LAST_CODE_POINT else ""


def _without_markup(text: str) -> Iterator[str]:
    joined = text.replace("<![CDATA[", "").replace("]]>", "")
    yield _shown(joined)
    if _ASIDE.search(joined):
        yield _shown(_ASIDE.sub("", joined))
    yield BORDER.join(first or second for first, second in _ATTRIBUTE.findall(text))
    yield BORDER.join(_COMMENT.findall(text))


def _shown(text: str) -> str:
    """Return what stands between the tags, with a border, a line break or nothing in the place of each."""
    running = _is_running(text)

    def instead(found: re.Match[str]) -> str:
        name = (found[1] or "").lower()
        if not name:
            return "" if found[0].startswith("<!--") else BORDER
        local = name.rpartition(":")[2]
        if _SOFT.fullmatch(name):
            return "\n"
        if _PARTING.fullmatch(local):
            return BORDER
        return "" if running or _INLINE.fullmatch(local) else BORDER

    return _TAG.sub(instead, text)


def _is_running(text: str) -> bool:
    if not text.lstrip().startswith("<?xml"):
        return True
    root = next((found[1] for found in _TAG.finditer(text) if found[1]), "")
    return _RUNNING.fullmatch(root.rpartition(":")[2].lower()) is not None
