"""Refuse personal data at the door: what is never recorded can never leak.

Identity numbers and mobile numbers have no place in events, logs, errors or extracts (design.md section 3). Project
codes and area codes may be long digit strings, so an identity number counts only with a plausible birth date and a
valid check digit (GB 11643-1999).
"""

from __future__ import annotations

import re
import unicodedata

from ledger.errors import ValueRefusedError

__all__ = ["has_identity_number", "has_mobile_number", "is_identity_number", "refuse_personal_data"]

_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")
_GAPS = re.compile(r"(?<=\d)[\s\-·.]+(?=[\dXx])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SHORTEST = 11
_ENOUGH_DIGITS = re.compile(r"(?:\d\D*){11}")


def refuse_personal_data(text: str) -> str:
    """Return the text unchanged when it carries no identity number and no mobile number.

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
            hint="请删去身份证号码;农户用编号代替(例如 H-0001)",
        )
    if any(map(has_mobile_number, readings)):
        raise ValueRefusedError(
            "privacy.mobile_number",
            "内容中含有手机号码,账本不记录个人信息",
            hint="请删去手机号码;单位可留固定电话",
        )
    return text


def has_identity_number(plain: str) -> bool:
    """Say whether a text in half-width characters contains an identity number with a valid check digit."""
    return any(map(_valid_identity, _IDENTITY.findall(plain)))


def has_mobile_number(plain: str) -> bool:
    """Say whether a text in half-width characters contains a mobile number."""
    return _MOBILE.search(plain) is not None


def is_identity_number(text: str) -> bool:
    """Tell whether the text is an identity number: 18 signs, a plausible birth date, a valid check digit."""
    return _IDENTITY.fullmatch(text) is not None and text.isascii() and _valid_identity(text)


def _valid_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[total % 11] == number[-1].upper()
