"""Refuse personal data at the door: what is never recorded can never leak.

Identity numbers, mobile numbers and bank cards have no place in events, logs, errors or extracts (design.md section 3).
Project codes and area codes may be long digit strings, so an identity number counts only with a plausible birth date
and a valid check digit (GB 11643-1999); one of fifteen digits, which has none, only with a birth between 1931 and 1999
in a province (they were given out until 1999; a code with a date of this century does not look so). A card counts only
with an issuer's first digits (62, UnionPay; 9558) and a valid check digit (ISO/IEC 7812, Luhn), and not where it reads
as an area of Gansu, whose codes begin with 62 too, with a year behind it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from ledger.errors import ValueRefusedError

__all__ = ["has_card_number", "has_identity_number", "has_mobile_number", "is_identity_number", "refuse_personal_data"]

_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?:\d(?!\d)|[Xx])")
_OLD_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}((?:3[1-9]|[4-9]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{3}(?!\d)")
_PROVINCES = frozenset(
    f"{first}{second}"
    for first, seconds in {1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234", 6: "12345"}.items()
    for second in seconds
)
_CARD = re.compile(r"(?<!\d)(?:62\d{14,17}|9558\d{15})(?!\d)")
_PARTED_CARD = re.compile(r"(?<!\d)62\d\d(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?(?!\d)")
_CODE_OF_GANSU = re.compile(r"62(?:0[1-9]|1[0-2]|29|30)\d\d20[1-4]\d")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")
_GAPS = re.compile(r"(?<=\d)[\s\-·.]+(?=[\dXx])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SHORTEST = 11
_ENOUGH_DIGITS = re.compile(r"(?:\d\D*){11}")


def refuse_personal_data(text: str) -> str:
    """Return the text unchanged when it carries no identity number, no mobile number and no bank card.

    Raises:
        ValueRefusedError: it carries one; the message does not repeat it.
    """
    if len(text) < _SHORTEST:
        return text
    plain = unicodedata.normalize("NFKC", text)
    if not _ENOUGH_DIGITS.search(plain):
        return text
    readings = (plain, _GAPS.sub("", plain))  # as written, and with the gaps closed that people put inside numbers
    if any(map(has_identity_number, readings)):
        raise ValueRefusedError(
            "privacy.identity_number",
            "内容中含有身份证号码,账本不记录个人信息",
            hint="请删去身份证号码;农户用保密库的编号代替(xianjie vault add)",
        )
    if has_card_number(plain):  # not with every gap closed: a row of figures would soon look like a card
        raise ValueRefusedError(
            "privacy.card_number",
            "内容中含有银行卡号,账本不记录个人信息",
            hint="请删去银行卡号;收款账户放在保密库里(xianjie vault add)",
        )
    if any(map(has_mobile_number, readings)):
        raise ValueRefusedError(
            "privacy.mobile_number",
            "内容中含有手机号码,账本不记录个人信息",
            hint="请删去手机号码;单位可留固定电话",
        )
    return text


def has_identity_number(plain: str) -> bool:
    """Say whether a text in half-width characters contains an identity number, of today's form or of fifteen digits."""
    old = (each for each in _OLD_IDENTITY.finditer(plain) if each[0][:2] in _PROVINCES)
    return any(map(_valid_identity, _IDENTITY.findall(plain))) or any(_is_day(f"19{each[1]}") for each in old)


def has_card_number(plain: str) -> bool:
    """Say whether a text in half-width characters contains the number of a bank card."""
    parted = (re.sub(r"\D", "", each) for each in _PARTED_CARD.findall(plain))
    return any(_passes_luhn(each) and not _CODE_OF_GANSU.match(each) for each in (*_CARD.findall(plain), *parted))


def has_mobile_number(plain: str) -> bool:
    """Say whether a text in half-width characters contains a mobile number."""
    return _MOBILE.search(plain) is not None


def is_identity_number(text: str) -> bool:
    """Tell whether the text is an identity number: 18 signs, a plausible birth date, a valid check digit."""
    return _IDENTITY.fullmatch(text) is not None and text.isascii() and _valid_identity(text)


def _is_day(digits: str) -> bool:
    try:
        date.fromisoformat(digits)
    except ValueError:
        return False
    return True


def _passes_luhn(number: str) -> bool:
    doubled = (int(each) * (1 + place % 2) for place, each in enumerate(reversed(number)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _valid_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[total % 11] == number[-1].upper()
