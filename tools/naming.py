"""What a name in a question stands for: a product, a category or a location of the shop."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stocksense.domain.stock import LocationKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue, UnknownName
from stocksense.store.alike import alike
from stocksense.store.answers import categories_of
from stocksense.store.products import ProductInfo, find_products, products_numbered
from stocksense.store.session import Session
from stocksense.store.shops import LocationInfo, locations_of

CLOSE = 72.0
"""Likeness (0 to 100) from which a product is offered for a name that none bears."""

SAME = 86.0
"""Likeness from which a name is taken for a slip of the pen, if no other product comes near."""

_MARGIN = 5.0
_MOST_CHOICES = 6
_PARTICLES = re.compile(r"(?<=[가-힣0-9a-zA-Z])(?:은|는|이|가|을|를|의|도|만|랑|이랑|하고|에|과|와|요)$")


@dataclass(frozen=True)
class NamedCategory:
    """A category with all below it, in both languages."""

    path: CategoryPath
    path_ko: CategoryPath


def product_named(session: Session, shop_id: int, text: str) -> ProductInfo:
    """The one product that a SKU, a barcode or a name stands for; small slips of the pen are forgiven.

    Raises BadValue, listing them, if several could be meant, and UnknownName with the closest if none could.
    """
    found = products_named(session, shop_id, text)
    bare = _key(" ".join(_PARTICLES.sub("", word) for word in text.split()))
    called = [product for product in found if any(bare in name for name in _names(product))]
    if len(found) == 1 or len(called) == 1:
        # Others were found by their category or brand alone.
        return (called or found)[0]
    if found:
        listed = "; ".join(f"{product.name('ko')} ({product.sku})" for product in found[:_MOST_CHOICES])
        raise BadValue(
            f"{text!r} fits {len(found)} products: {listed}. Ask which one is meant and give its SKU",
            in_korean=f"'{text}'에 맞는 상품이 {len(found)}개입니다: {listed}. 어느 것인지 SKU로 알려 주세요.",
        )
    near = close_products(session, shop_id, text)
    if near and near[0][0] >= SAME and (len(near) == 1 or near[0][0] - near[1][0] >= _MARGIN):
        return near[0][1]
    listed = "; ".join(f"{product.name('ko')} ({product.sku})" for _, product in near[:_MOST_CHOICES])
    near_ko = f"가장 비슷한 것: {listed}" if listed else ""
    told = f"the closest are: {listed}" if listed else "search with find_products"
    raise UnknownName("product", text, told, in_korean=near_ko)


def products_named(session: Session, shop_id: int, text: str, *, limit: int = 50) -> tuple[ProductInfo, ...]:
    """The products that a text can stand for: only the one that bears it exactly, else all in which its words occur."""
    bare = " ".join(_PARTICLES.sub("", word) for word in text.split())
    for wording in dict.fromkeys((text.strip(), bare)):
        found = find_products(session, shop_id, wording, limit=limit) if wording else ()
        exact = [product for product in found if _key(wording) in _names(product)]
        if found:
            return tuple(exact[:1] or found)
    return ()


def close_products(session: Session, shop_id: int, text: str) -> list[tuple[float, ProductInfo]]:
    """Products whose names look like a text, with their likeness, the most alike first."""
    near = alike(session, shop_id, _PARTICLES.sub("", text.strip()), least=CLOSE, most=_MOST_CHOICES)
    found = products_numbered(session, shop_id, [key for _, key in near])
    return [(likeness, product) for (likeness, _), product in zip(near, found, strict=True)]


def category_named(session: Session, shop_id: int, text: str) -> NamedCategory:
    """The category of that name or path, in Korean or English, at any level.

    Raises UnknownName, listing the main ones, if there is none.
    """
    known = categories_of(session, shop_id)
    wanted = _key(text)
    for depth in range(1, 5):
        for category in known:
            for path in (category.path, category.path_ko):
                names = path.levels[:depth]
                if names[-1] and wanted in (_key(names[-1]), _key(" > ".join(names))):
                    return NamedCategory(_cut(category.path, depth), _cut(category.path_ko, depth))
    mains = ", ".join(dict.fromkeys(category.path_ko.main for category in known))
    told = f"the main ones are: {mains}" if mains else "the shop's products have none"
    raise UnknownName("category", text, told, in_korean=f"큰 분류: {mains}" if mains else "")


def locations_named(session: Session, shop_id: int, text: str) -> tuple[LocationInfo, ...]:
    """The places that sell in whose name the text occurs."""
    wanted = _key(_PARTICLES.sub("", text.strip()))
    stores = locations_of(session, shop_id, LocationKind.STORE)
    return tuple(place for place in stores if wanted and (wanted in _key(place.name) or _key(place.name) in wanted))


def _cut(path: CategoryPath, depth: int) -> CategoryPath:
    return CategoryPath(*path.levels[:depth])


def _names(product: ProductInfo) -> set[str]:
    return {_key(name) for name in (product.sku, product.gtin, product.name_ko, product.name_en) if name}


def _key(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
