"""Single cells, as people and spreadsheets write them: text, identifiers, numbers, money, barcodes.

Each reader returns the value or the fault that keeps it from being one.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from stocksense.store.imports.wording import Fault

_CONTROLS = [*range(9), *range(14, 32), *range(127, 160)]
_ZERO_WIDTH = [0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF]
_SPACES = [9, 10, 11, 12, 13, 0x85, 0xA0, 0x2028, 0x2029]
_INVISIBLE: dict[int, str | None] = {
    **dict.fromkeys(_CONTROLS + _ZERO_WIDTH, None),
    **dict.fromkeys(_SPACES, " "),
}

_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_SHORTENED = re.compile(r"-?\d(?:\.\d+)?E\+\d{1,3}", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?|\.\d+")
_CURRENCIES = {"₩": "KRW", "원": "KRW", "KRW": "KRW", "$": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP"}
_CURRENCY = re.compile("|".join(re.escape(sign) for sign in _CURRENCIES))
_COUNTED = re.compile(r"(?:개|EA|PCS|PC)\.?$")
_LARGEST = 1_000_000_000
_GTIN_LENGTHS = (8, 12, 13, 14)
_STARTS_FORMULA = frozenset("=+-@\t\r＝＋－＠")


@lru_cache(65536)
def clean(text: str) -> str:
    """The text on one line, composed (NFC), without surrounding space, control and invisible characters."""
    if not (text.isprintable() and unicodedata.is_normalized("NFC", text)):
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return text.strip()


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet could take this text for a formula."""
    return text.lstrip("'")[:1] in _STARTS_FORMULA if text else False


def escape(text: str) -> str:
    """Put an apostrophe before what a spreadsheet could take for a formula; `unescape` takes exactly it away."""
    return f"'{text}" if looks_like_formula(text) else text


def unescape(text: str) -> str:
    """Take away the apostrophe that `escape`, or another system with the same habit, has put there."""
    return text[1:] if text.startswith("'") and looks_like_formula(text) else text


def identifier(text: str) -> str | Fault:
    """A SKU, order number or the like, kept as text; what Excel has shortened (1.23E+13) is refused."""
    text = clean(unescape(text))
    if not text:
        return Fault.EMPTY
    if "+" in text and _SHORTENED.fullmatch(text):
        return Fault.SHORTENED
    return Fault.ERROR_CELL if text in _EXCEL_ERRORS else text


def words(text: str) -> str | Fault:
    """A name or another piece of text; formulas stay text."""
    text = clean(unescape(text))
    return Fault.ERROR_CELL if text in _EXCEL_ERRORS else text


@lru_cache(65536)
def whole(text: str) -> int | Fault:
    """A number of units. Commas, full-width digits, `3.0`, `3개`, `(3)`, `△3` and `3-` are understood."""
    if text.isdecimal() and len(text) < 10:
        return int(text)
    number = _number(_COUNTED.sub("", _folded(text)))
    if isinstance(number, Fault):
        return number
    return int(number) if number == number.to_integral_value() else Fault.NOT_WHOLE


@lru_cache(65536)
def money(text: str, currency: str) -> Decimal | Fault:
    """An amount in `currency`, with at most two decimals: `₩1,200`, `1,200원` and the forms of `whole`."""
    folded = _folded(text)
    signs = {_CURRENCIES[sign] for sign in _CURRENCY.findall(folded)}
    if signs - {currency}:
        return Fault.OTHER_CURRENCY
    number = _number(_CURRENCY.sub("", folded))
    if isinstance(number, Fault):
        return number
    return number if number == round(number, 2) else Fault.DECIMALS


def barcode(text: str) -> tuple[str, Fault | None]:
    """A GTIN as text, leading zeros kept, and what is doubtful about it; what is no barcode comes back empty."""
    text = clean(unescape(text))
    digits = text.replace(" ", "").replace("-", "")
    if not digits:
        return "", None
    if _SHORTENED.fullmatch(text):
        return "", Fault.SHORTENED
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 14:
        return "", Fault.NOT_A_BARCODE
    return digits, None if check_digit_fits(digits) else Fault.CHECK_DIGIT


def check_digit_fits(digits: str) -> bool:
    """Whether a GTIN has a known length and the check digit of the GS1 rule (weights 3 and 1 from the right)."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return len(digits) in _GTIN_LENGTHS and weighted % 10 == 0


def number_text(number: float) -> str:
    """A spreadsheet's number to the fifteen digits that Excel keeps; `identifier` refuses what longer ones become."""
    if abs(number) >= 1e15:
        return f"{number:.14E}"
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    return f"{Decimal(f'{number:.15g}'):f}"


def _folded(text: str) -> str:
    """Upper case, full-width forms made plain (NFKC), no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def _number(text: str) -> Decimal | Fault:
    """Read a folded number with its sign; accountants' brackets, triangles and trailing minus mean negative."""
    if not text:
        return Fault.EMPTY
    digits, negative = _unsigned(text)
    if not _PLAIN_NUMBER.fullmatch(digits):
        return _no_number(text)
    number = Decimal(digits.replace(",", ""))
    if number > _LARGEST:
        return Fault.TOO_BIG
    return -number if negative and number else number


def _no_number(text: str) -> Fault:
    """Which kind of no number a text is."""
    if text.startswith("="):
        return Fault.FORMULA
    if text in _EXCEL_ERRORS:
        return Fault.ERROR_CELL
    return Fault.SHORTENED if _SHORTENED.fullmatch(text) else Fault.NOT_A_NUMBER


def _unsigned(text: str) -> tuple[str, bool]:
    """The text without its sign, and whether that was negative."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1], True
    if text[0] in "-−–△▲":
        return text[1:], True
    return (text[:-1], True) if text.endswith("-") else (text.removeprefix("+"), False)
