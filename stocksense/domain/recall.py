"""Which of our products a recall notice touches, and how sure that is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MatchState(StrEnum):
    """What has become of a match between a notice and a product."""

    PROPOSED = "proposed"
    QUARANTINED = "quarantined"
    DISMISSED = "dismissed"
    RELEASED = "released"


MATCH_STEPS: frozenset[tuple[MatchState, MatchState]] = frozenset(
    {
        (MatchState.PROPOSED, MatchState.QUARANTINED),
        (MatchState.PROPOSED, MatchState.DISMISSED),
        (MatchState.QUARANTINED, MatchState.RELEASED),
        (MatchState.RELEASED, MatchState.QUARANTINED),
    }
)
"""Every step that a match may take; the database refuses all others."""


@dataclass(frozen=True)
class RecallNotice:
    """A recall as its source published it; every text in it is data from outside."""

    source: str
    uid: str
    product_name: str
    brand: str = ""
    models: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    company: str = ""
    hazard: str = ""
    remedy: str = ""
    published_on: date | None = None
    url: str = ""


@dataclass(frozen=True)
class RecallableProduct:
    """What a notice can be held against."""

    sku: str
    names: tuple[str, ...]
    gtin: str = ""
    brand: str = ""
    model: str = ""


class Certainty(StrEnum):
    """How far a match may be acted on: `CERTAIN` takes goods off sale, `LIKELY` asks a person."""

    CERTAIN = "certain"
    LIKELY = "likely"


@dataclass(frozen=True)
class RecallMatch:
    """One notice touching one product, with the evidence in words."""

    notice_uid: str
    sku: str
    certainty: Certainty
    evidence: str
    source: str = ""


def match_recall(notice: RecallNotice, product: RecallableProduct) -> RecallMatch | None:
    """Hold one notice against one product.

    The same barcode is certain. Brand and model together are likely, and so is a distinctive model (letters and
    digits, 4 or more) alone; a generic model or a name alone says nothing.
    """
    barcode = _digits(product.gtin)
    if barcode and barcode in {_digits(code) for code in notice.barcodes}:
        return RecallMatch(notice.uid, product.sku, Certainty.CERTAIN, f"barcode {product.gtin}", notice.source)
    if notice.barcodes and barcode and _is_distinct(barcode):
        return None
    model = _plain(product.model)
    if not model or model not in {_plain(name) for name in notice.models}:
        return None
    if product.brand and _plain(product.brand) == _plain(notice.brand):
        evidence = f"brand {product.brand}, model {product.model}"
        return RecallMatch(notice.uid, product.sku, Certainty.LIKELY, evidence, notice.source)
    if _is_distinct(model):
        return RecallMatch(notice.uid, product.sku, Certainty.LIKELY, f"model {product.model}", notice.source)
    return None


def split_models(text: str) -> tuple[str, ...]:
    """The models of a notice's field, which may hold a list and a leading remark: `(제품명) A / B, C`."""
    bare = re.sub(r"^\s*\([^)]*\)\s*", "", unicodedata.normalize("NFKC", text or ""))
    return tuple(part for raw in re.split(r"[,/;\n]| 및 ", bare) if (part := raw.strip()) and not is_missing(part))


def is_missing(text: str | None) -> bool:
    """Whether a field says nothing: the feeds write it as null, empty or a dash."""
    return (text or "").strip() in {"", "-", "null", "없음", "해당없음"}


def _plain(text: str) -> str:
    return re.sub(r"[\s\-_()\[\]{}]", "", unicodedata.normalize("NFKC", text)).casefold()


def _digits(code: str) -> str:
    digits = re.sub(r"\D", "", code)
    return digits.lstrip("0") if len(digits) >= 8 else ""


def _is_distinct(text: str) -> bool:
    return len(text) >= 4 and bool(re.search(r"\d", text)) and (text.isdigit() or bool(re.search(r"[a-z]", text)))
