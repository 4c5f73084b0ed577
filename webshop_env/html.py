"""The shop's pages as HTML, for people and for the HTML observation.

Whatever belongs to the observation stands in an element with `data-part`, in the observation's order; what can be
clicked has `data-click`, its name. `client.py` reads pages by these marks; all else is there for the eye.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from webshop_env.page import visible
from webshop_env.product import Product
from webshop_env.session import Session

_TEMPLATES = Path(__file__).parent / "templates"


class Link(NamedTuple):
    """Something to click: its name, what it says, where it leads, and whether it is chosen already."""

    name: str
    text: str
    path: str
    chosen: bool = False


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The page templates."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["visible"] = visible
    environment.filters["hue"] = _hue
    return environment


def _hue(asin: str) -> int:
    """The colour of the tile that stands for a product's picture, in degrees."""
    return crc32(asin.encode()) % 360


def render(session: Session) -> str:
    """The open page of a visit as HTML."""
    place, texts = session.place, {part.text.lower(): part.text for part in session.page.parts}
    links = {
        name: Link(name, texts.get(name, name), place.after(click).path, session.is_chosen(click))
        for name, click in session.page.clicks.items()
    }
    return templates().get_template(f"{session.kind}.html").render(view(session, links))


def view(session: Session, links: dict[str, Link]) -> dict[str, Any]:
    """What a template may use."""
    texts = [part.text for part in session.page.parts if part.kind == "text"]
    shown: dict[str, Any] = {"session": session, "links": links, "texts": texts}
    if session.asin:
        shown["product"] = session.pages.catalog.product(session.asin)
    if session.kind == "results":
        shown["cards"] = _cards(session, links)
    if session.kind == "item":
        shown["groups"] = _groups(session, links)
    return shown


def _cards(session: Session, links: dict[str, Link]) -> list[tuple[Link, Product]]:
    """The products on a page of results, each with its link."""
    product = session.pages.catalog.product
    shown = [(name, click) for name, click in session.page.clicks.items() if click.kind == "item"]
    return [(links[name], product(click.target)) for name, click in shown]


def _groups(session: Session, links: dict[str, Link]) -> list[tuple[str, list[Link]]]:
    """The option groups of a product, each with the links of its values, in the order of the page."""
    product = session.pages.catalog.product(session.asin)
    labels = session.pages.labels[session.asin]
    groups = []
    for name in product.options:
        values = [links[label] for label, click in labels if click.group == name and label in links]
        groups.append((name, values))
    return groups
