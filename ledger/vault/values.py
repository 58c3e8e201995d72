"""The fields of a person or household: how each is written for good, and how it is shown to whoever need not know it.

Forms of masks: identity number 2 + 13 + 3 (永安市 2023: ``35*************123``), mobile ``138****1234``, name
``张*三``, account its last four digits, address down to the township. A refusal never repeats what it refuses.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final, get_args

from ledger.characters import half_width
from ledger.errors import ValueRefusedError
from ledger.events import PrivateField
from ledger.privacy import is_identity_number

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FIELDS", "LABELS", "canonical", "masked"]

FIELDS: Final[tuple[PrivateField, ...]] = get_args(PrivateField)
LABELS: Final[dict[str, str]] = {
    "name": "姓名",
    "identity": "身份证号",
    "phone": "电话",
    "account": "银行账号",
    "address": "住址",
}

_GAPS: Final = re.compile(r"[\s\-·.]+")
_PHONE: Final = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}")
_ACCOUNT: Final = re.compile(r"\d{12,30}")
_MOBILE_DIGITS: Final = 11
_SHOWN_TAIL: Final = 4
_LONGEST: Final = {"name": 60, "address": 200}
_TOWNSHIP: Final = re.compile(r".*?(?:街道|[乡镇])")
_COMPOUND: Final = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒"
        "鲜于司空令狐",
    )
)


def canonical(field: PrivateField, text: str) -> str:
    """Return the one form in which a value is kept and committed to. Raises ValueRefusedError, without the value."""
    return _CANONICAL[field](text)


def masked(field: PrivateField, value: str) -> str:
    """Return what may be shown of a canonical value to somebody who need not know it."""
    return _MASKED[field](value)


def _text(field: PrivateField) -> Callable[[str], str]:
    def read(text: str) -> str:
        plain = " ".join(unicodedata.normalize("NFC", text).split())
        if not plain or len(plain) > _LONGEST[field] or not plain.isprintable():
            raise _refused(field, f"应为 1 至 {_LONGEST[field]} 个可见字符")
        return plain

    return read


def _identity(text: str) -> str:
    plain = _GAPS.sub("", half_width(text)).upper()
    if not is_identity_number(plain) or not _is_day(plain[6:14]):
        raise _refused("identity", "应为 18 位,且校验位正确")
    return plain


def _phone(text: str) -> str:
    plain = _GAPS.sub("", half_width(text)).removeprefix("+86")
    if not _PHONE.fullmatch(plain) or not plain.isascii():
        raise _refused("phone", "应为手机号,或带区号的固定电话")
    return plain


def _account(text: str) -> str:
    plain = _GAPS.sub("", half_width(text))
    if not _ACCOUNT.fullmatch(plain) or not plain.isascii():
        raise _refused("account", "应为 12 至 30 位数字")
    return plain


def _is_day(digits: str) -> bool:
    try:
        date.fromisoformat(digits)
    except ValueError:
        return False
    return True


def _masked_name(name: str) -> str:
    if name[:2] in _COMPOUND and len(name) > len("欧阳"):
        return name[:2] + "*" * (len(name) - 2)
    if len(name) <= len("张三") or "·" in name:
        return name[0] + "".join("·" if sign == "·" else "*" for sign in name[1:])
    return name[0] + "*" * (len(name) - 2) + name[-1]


def _masked_phone(phone: str) -> str:
    if len(phone) == _MOBILE_DIGITS and phone[0] == "1":
        return f"{phone[:3]}****{phone[-_SHOWN_TAIL:]}"
    return _tail(phone)


def _masked_address(address: str) -> str:
    found = _TOWNSHIP.match(address)
    return f"{found[0] if found else ''}***"


def _tail(digits: str) -> str:
    return "*" * (len(digits) - _SHOWN_TAIL) + digits[-_SHOWN_TAIL:]


def _refused(field: PrivateField, form: str) -> ValueRefusedError:
    return ValueRefusedError(
        "vault.bad_value", f"{LABELS[field]}不合要求:{form}", hint="请核对原件后重填", where=LABELS[field]
    )


_CANONICAL: Final[dict[PrivateField, Callable[[str], str]]] = {
    "name": _text("name"),
    "identity": _identity,
    "phone": _phone,
    "account": _account,
    "address": _text("address"),
}
_MASKED: Final[dict[PrivateField, Callable[[str], str]]] = {
    "name": _masked_name,
    "identity": lambda number: f"{number[:2]}{'*' * 13}{number[-3:]}",
    "phone": _masked_phone,
    "account": _tail,
    "address": _masked_address,
}
