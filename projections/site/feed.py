"""The archive of publications for machines: an Atom feed and ``index.json``, both from the same records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree as ET

from sqlalchemy import func, select

from projections.tables import fact_notice, fact_notice_end

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from projections.scope import Scope

__all__ = ["Publication", "atom", "index_json", "publications"]

_ATOM = "http://www.w3.org/2005/Atom"


class Publication(NamedTuple):
    """One publication as it was recorded; ``withdrawn_on`` is empty, ``withdrawn_at`` (a position) 0 while it is up."""

    position: int
    recorded_at: str
    notice: str
    template: str
    title: str
    channel: str
    from_on: str
    to_on: str
    content_hash: str
    cut_from: int
    document: str
    withdrawn_on: str
    withdrawn_at: int


def publications(scope: Scope) -> list[Publication]:
    """Return every publication and amendment of the area that was not taken back, newest first."""
    facts, ended = fact_notice.c, fact_notice_end.c
    taken_down = (
        select(ended.notice, ended.effective_on.label("day"), ended.origin)
        .where(scope.within(fact_notice_end))
        .group_by(ended.notice, ended.effective_on, ended.origin)
        .having(func.sum(ended.sign) > 0)
        .subquery()
    )
    words = (facts.notice, facts.template, facts.title, facts.channel, facts.from_on, facts.to_on, facts.content_hash)
    columns = (facts.origin, *words, facts.cut_from, facts.document)
    wanted = (
        select(*columns, func.min(facts.recorded_at), func.max(taken_down.c.day), func.max(taken_down.c.origin))
        .outerjoin_from(fact_notice, taken_down, taken_down.c.notice == facts.notice)
        .where(scope.within(fact_notice), facts.template != "")
        .group_by(*columns)
        .having(func.sum(facts.sign) > 0)
        .order_by(facts.origin.desc())
    )
    return [
        Publication._make((int(origin), recorded_at, *shown, int(cut_from), document, day or "", int(ended_at or 0)))
        for origin, *shown, cut_from, document, recorded_at, day, ended_at in scope.connection.execute(wanted)
    ]


def atom(name: str, origin: str, listed: Sequence[Publication], kept: Collection[str]) -> bytes:
    """Return the feed (RFC 4287); ids are tag-like and stay, ``updated`` is when the ledger learned of it.

    Publications lead to their content where the site has it: ``kept`` holds those fingerprints.
    """
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "zh-CN"})
    _add(feed, "id", f"urn:{origin}")
    _add(feed, "title", name)
    _add(feed, "updated", max((each.recorded_at for each in listed), default="1970-01-01T00:00:00Z"))
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", name)
    for each in listed:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "id", f"urn:{origin}:{each.position}")
        _add(entry, "title", each.title)
        _add(entry, "updated", each.recorded_at)
        if each.content_hash in kept:
            content = {"rel": "alternate", "type": "application/json", "href": _path_of(each.content_hash)}
            ET.SubElement(entry, f"{{{_ATOM}}}link", content)
        _add(entry, "published", f"{each.from_on}T00:00:00+08:00")
        ended = f";{each.withdrawn_on} 撤下" if each.withdrawn_on else ""
        _add(
            entry,
            "summary",
            f"{each.from_on} 至 {each.to_on or '长期'}{ended};内容指纹 {each.content_hash or '未登记'}",
        )
    ET.indent(feed)
    spelled: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return spelled + b"\n"


def index_json(about: dict[str, Any], listed: Sequence[Publication], kept: Collection[str]) -> bytes:
    """Return the same records as JSON, with what they were cut from; ``content`` is empty where the site has none."""
    notices = [
        {**each._asdict(), "content": _path_of(each.content_hash) if each.content_hash in kept else ""}
        for each in listed
    ]
    data = {**about, "notices": notices}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _path_of(content_hash: str) -> str:
    return f"notices/{content_hash}.json"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text
