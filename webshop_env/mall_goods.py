"""What the mall replica sells: the catalogue's products with won prices, coupons, and options that depend on another.

All of it is made up from the catalogue and the product's number, so that the same catalogue is the same mall.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zlib import crc32

from webshop_env.catalog import Catalog
from webshop_env.errors import UnknownProduct
from webshop_env.product import Product

FREE_DELIVERY_FROM = 30_000
DELIVERY = 3_000
LABELS = {
    "flavor": "맛", "color": "색상", "size": "사이즈", "scent": "향", "edition": "에디션", "variety": "종류",
    "type": "타입", "style": "스타일", "theme": "테마", "design": "디자인", "series": "시리즈", "outlets": "구수",
    "material": "소재", "character": "캐릭터", "plug": "플러그",
}  # fmt: skip
"""How the mall calls the catalogue's options."""


@dataclass(frozen=True)
class Value:
    """One value of an option, what it adds to the price in won, and whether it can be had now."""

    name: str
    extra: int
    sold_out: bool


@dataclass(frozen=True)
class Ware:
    """A product as the mall sells it. Prices in won; `list_price` and `coupon` are 0 where there are none.

    `coupon` is what the price falls by once the coupon was taken.
    """

    number: str
    product: Product
    price: int
    list_price: int
    coupon: int
    sold_out: bool
    labels: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title, Korean first where the catalogue has both."""
        return " | ".join(reversed(self.product.title.split(" | ")))

    def asked(self, chosen: tuple[str, ...], values: "Callable[[int, str], tuple[Value, ...]]") -> int:
        """The price of one with the values chosen, without coupon."""
        first = chosen[0] if chosen else ""
        extras = (
            value.extra for place, name in enumerate(chosen) for value in values(place, first) if value.name == name
        )
        return self.price + sum(extras)


@dataclass(frozen=True)
class Odds:
    """How many products in a hundred have what."""

    sold_out: int = 6
    value_sold_out: int = 8
    coupon: int = 25
    list_price: int = 50


class Goods:
    """All wares by number. `won_per_dollar` turns the catalogue's dollars into won."""

    def __init__(self, catalog: Catalog, *, won_per_dollar: int = 1400, odds: Odds | None = None) -> None:
        self._catalog = catalog
        self._odds = odds or Odds()
        self._rate = won_per_dollar
        self._wares = {number_of(asin): self._ware(product) for asin, product in catalog.products.items()}

    def __len__(self) -> int:
        return len(self._wares)

    def ware(self, number: str) -> Ware:
        """The ware of a number. Raises UnknownProduct."""
        try:
            return self._wares[number]
        except KeyError:
            raise UnknownProduct(f"the mall sells nothing with number {number[:20]!r}; search for it") from None

    def search(self, words: str) -> tuple[Ware, ...]:
        """The wares that fit the words best, best first, at most 50."""
        return tuple(self._wares[number_of(asin)] for asin in self._catalog.find(words))

    def values(self, ware: Ware, place: int, first: str = "") -> tuple[Value, ...]:
        """The values of an option by its place; those of later options depend on what was chosen `first`."""
        name, own = list(ware.product.options.items())[place]
        return tuple(self._values(ware, name, own, first if place else ""))

    def _values(self, ware: Ware, name: str, own: tuple[str, ...], first: str) -> Iterator[Value]:
        kept = [value for value in own if not first or not self._is(30, ware.number, first, name, value)]
        for place, value in enumerate(kept or own[:1]):
            extra = 0 if first else self._extra(ware.product, name, own.index(value))
            yield Value(value, extra, self._is(self._odds.value_sold_out, ware.number, name, value, str(place)))

    def _extra(self, product: Product, name: str, place: int) -> int:
        """A price range is spread over the values of the first option."""
        if len(product.prices) < 2 or name != next(iter(product.options)):
            return 0
        steps = max(len(product.options[name]) - 1, 1)
        return _tens((product.prices[1] - product.prices[0]) * self._rate * place / steps)

    def _ware(self, product: Product) -> Ware:
        number = number_of(product.asin)
        dollars = product.prices[0] if product.options else product.prices[-1]
        price = _tens(dollars * self._rate)
        has = self._odds
        return Ware(
            number=number,
            product=product,
            price=price,
            list_price=_hundreds(price * 1.25) if self._is(has.list_price, number, "list") else 0,
            coupon=min(_hundreds(price * 0.1), 3_000) if self._is(has.coupon, number, "coupon") else 0,
            sold_out=self._is(has.sold_out, number, "sold out"),
            labels=tuple(LABELS.get(name, name) for name in product.options),
        )

    def _is(self, percent: int, *words: str) -> bool:
        return crc32("/".join(words).encode()) % 100 < percent


def number_of(asin: str) -> str:
    """The mall's number of a product: ten digits."""
    return f"{crc32(asin.encode()):010d}"


def _tens(won: float) -> int:
    return round(won / 10) * 10


def _hundreds(won: float) -> int:
    return round(won / 100) * 100
