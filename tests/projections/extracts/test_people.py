"""The values of a vault in what leaves: names and numbers in any spacing, places that contain a name, and no others."""

from __future__ import annotations

import pytest

from projections.extracts.linter import leaks_in, leaks_in_text
from projections.extracts.people import People
from tests.projections.extracts.test_linter import DISGUISES, document

VALUES = (
    ("name", "李小明"),
    ("name", "和平"),
    ("name", "阿卜杜拉·买买提"),
    ("name", "王"),
    ("name", "Al"),
    ("phone", "08588223456"),
    ("phone", "8223456"),
    ("account", "100100200300"),
    ("identity", "11010519491231002X"),
    ("address", "某县甲镇乙村三组"),
)
PLACES = ("和平村", "甲镇", "和平")
KNOWN = People(VALUES, PLACES)


def kinds(text: str) -> set[str]:
    return {leak.kind for leak in leaks_in_text("页", text, people=KNOWN)}


@pytest.mark.parametrize(
    "text",
    [
        "户主李小明",
        "李 小 明",
        "李\u3000小明",
        "<b>李</b>小<i>明</i>",
        "李&#23567;明",
        "\\u674e\\u5c0f\\u660e",
        "<!-- 李小明 -->",
        "<td title='李小明'>户</td>",
        "李\u200b小明",
        "领取人:和平",
        "?q=%E6%9D%8E%E5%B0%8F%E6%98%8E",
        "买买提的父亲阿卜杜拉买买提",
        "阿卜杜拉•买买提",
    ],
)
def test_a_name_of_the_vault_is_found(text: str) -> None:
    assert kinds(text) == {"vault_name"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话0858-8223456", "vault_phone"),
        ("电话8223456。", "vault_phone"),
        ("电话 822 3456", "vault_phone"),
        ("账号1001 0020 0300", "vault_account"),
        ("证号110105 19491231 002", "vault_identity"),
    ],
)
def test_a_number_of_the_vault_is_found_however_it_is_grouped(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "和平村道路硬化",
        "某县甲镇乙村三组",
        "王家坝村",
        "Alipay",
        "<td>李</td><td>小</td><td>明</td>",
        "金额 8,223,456.00 元,18223456 元",
        "李小红",
    ],
)
def test_places_amounts_and_others_are_not_taken_for_somebody(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize("disguise", [name for name in DISGUISES if name != "url"])
def test_a_name_is_found_in_the_disguises_of_numbers(disguise: str) -> None:
    assert "vault_name" in kinds(DISGUISES[disguise]("欧阳李小明"))


def test_a_name_is_found_across_the_runs_of_a_document() -> None:
    assert leaks_in("名单.docx", document("户主李", "小", "明"), people=KNOWN) == [
        ("名单.docx/word/document.xml", "vault_name")
    ]


def test_a_vault_without_names_or_numbers_finds_nothing() -> None:
    assert leaks_in_text("页", "李小明 8223456", people=People(())) == []
