"""How personal data is written for good, shown masked, and refused without being repeated."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ValueRefusedError
from ledger.vault.commitment import commitment, new_salt
from ledger.vault.store import new_reference
from ledger.vault.values import FIELDS, canonical, masked

PERSON = "11010519491231002X"  # the worked example of GB 11643-1999


@pytest.mark.parametrize(
    ("field", "text", "kept", "shown"),
    [
        ("name", " 张三 ", "张三", "张*"),
        ("name", "张小三", "张小三", "张*三"),
        ("name", "欧阳修", "欧阳修", "欧阳*"),
        ("name", "欧阳小修", "欧阳小修", "欧阳**"),
        ("name", "欧阳", "欧阳", "欧*"),
        ("name", "买买提·吐尔逊", "买买提·吐尔逊", "买**·***"),
        ("identity", "110105 19491231 002x", PERSON, "11*************02X"),
        ("identity", "１１０１０５１９４９１２３１００２Ｘ", PERSON, "11*************02X"),
        ("phone", "+86 138-0013-8000", "13800138000", "138****8000"),
        ("phone", "0858-8322222", "08588322222", "*******2222"),
        ("account", "6222 0200 1234 5678 90", "622202001234567890", "**************7890"),
        ("address", "盘州市鸡场坪镇 松林村三组12号", "盘州市鸡场坪镇 松林村三组12号", "盘州市鸡场坪镇***"),
        ("address", "凤凰街道某路1号", "凤凰街道某路1号", "凤凰街道***"),
        ("address", "某村三组", "某村三组", "***"),
    ],
)
def test_a_value_has_one_form_and_one_mask(field: str, text: str, kept: str, shown: str) -> None:
    assert canonical(field, text) == kept  # type: ignore[arg-type] # parametrize knows no literals
    assert masked(field, kept) == shown  # type: ignore[arg-type] # as above


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("identity", "110105194912310021"),
        ("identity", "110105194902310024"),
        ("identity", "11010519491231"),
        ("phone", "12800138000"),
        ("phone", "138001380001"),
        ("account", "622202"),
        ("account", "62220200123456789a"),
        ("name", "\x1b[31m张三"),
        ("name", "三" * 61),
        ("address", ""),
    ],
)
def test_what_is_refused_is_not_repeated(field: str, text: str) -> None:
    with pytest.raises(ValueRefusedError) as caught:
        canonical(field, text)  # type: ignore[arg-type] # as above
    said = " ".join(caught.value.as_dict().values())
    assert not text or text not in said
    assert not any(part in said for part in (text[i : i + 5] for i in range(max(len(text) - 4, 0))))


def test_an_identity_number_that_is_shown_masked_leaves_thousands_of_people() -> None:
    shown = masked("identity", PERSON)
    assert (len(shown), shown.count("*")) == (18, 13)


def test_a_commitment_is_the_hash_that_is_written_down() -> None:
    salt = bytes(range(16))
    by_hand = hashlib.sha256(b"field/v1\0" + b"name" + b"\0" + salt + "张三".encode()).hexdigest()
    assert commitment("name", salt, "张三") == by_hand
    assert commitment("phone", salt, "张三") != by_hand
    assert commitment("name", new_salt(), "张三") != commitment("name", new_salt(), "张三")


def test_references_are_random_and_of_one_form() -> None:
    made = {new_reference() for _ in range(1_000)}
    assert len(made) == 1_000
    assert {len(ref) for ref in made} == {28}
    assert {sign for ref in made for sign in ref[2:]} == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


@given(st.sampled_from(FIELDS), st.text(max_size=40))
def test_any_text_is_kept_in_a_stable_form_or_refused(field: str, text: str) -> None:
    try:
        kept = canonical(field, text)  # type: ignore[arg-type] # as above
    except ValueRefusedError:
        return
    assert canonical(field, kept) == kept  # type: ignore[arg-type] # as above
    if len(kept) > 1:
        assert masked(field, kept) != kept or set(kept[1:]) <= {"*", "·"}  # type: ignore[arg-type] # as above
