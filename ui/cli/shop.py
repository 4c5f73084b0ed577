"""`stocksense shop`: the simulated shop, to serve, to play in, to measure, to check and to fill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from stocksense.errors import BadValue
from ui.cli import rooms
from ui.cli.face import Json, console, face_of, new_table, print_json

app = typer.Typer(help="The simulated shop (WebShop).", no_args_is_help=True, rich_markup_mode=None)


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    root.add_typer(app, name="shop")


class Wall(StrEnum):
    """Where the mall replica asks to log in."""

    NONE = "none"
    CHECKOUT = "checkout"
    EVERYWHERE = "everywhere"


Products = Annotated[Path | None, typer.Option(help="A products file in WebShop's format; else the shipped catalogue.")]
Attributes = Annotated[Path | None, typer.Option(help="Its attributes file.")]
Imported = Annotated[str, typer.Option(help="A catalogue that `shop import` read in, by its name.")]


@contextmanager
def _as_ours() -> Iterator[None]:
    """Turn the simulated shop's own errors, which name value and remedy too, into ours."""
    try:
        yield
    except rooms.webshop_env.WebShopError as error:
        raise BadValue(str(error)) from error


@app.command("serve", epilog="Example: stocksense shop serve --port 3000")
@_as_ours()
def serve(  # where to listen, and one option for each way to name a catalogue
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    products: Products = None,
    attributes: Attributes = None,
    imported: Imported = "",
) -> None:
    """Serve the simulated shop for a browser and for agents (set STOCKSENSE_WEBSHOP_URL to shop there)."""
    console.print(f"http://{host}:{port}")
    rooms.uvicorn.run(
        rooms.server.create_app(_catalog(context, products, attributes, imported)),
        host=host,
        port=port,
        log_level="warning",
    )


@app.command("mall", epilog="Example: stocksense shop mall --port 3100 --wall checkout")
@_as_ours()
def serve_mall(  # as in serve
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 3100,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    wall: Annotated[Wall, typer.Option(help="Where it asks to log in.")] = Wall.NONE,
    popup: Annotated[bool, typer.Option(help="Whether a popup opens over its pages.")] = True,
    imported: Imported = "",
) -> None:
    """Serve a replica of a Korean mall, which only a browser can read (set STOCKSENSE_MALL_URL to shop there)."""
    catalog = _catalog(context, None, None, imported)
    rate = int(face_of(context).settings.won_per_dollar)
    mall = rooms.mall.create_mall(
        catalog, won_per_dollar=rate, manners=rooms.mall.Manners(wall=wall.value, popup=popup)
    )
    console.print(f"http://{host}:{port}")
    rooms.uvicorn.run(mall, host=host, port=port, log_level="warning")


@app.command("search", epilog='Example: stocksense shop search "콜라 24캔"')
@_as_ours()
def search(  # as in serve
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="What to look for.")],
    products: Products = None,
    attributes: Attributes = None,
    imported: Imported = "",
    as_json: Json = False,
) -> None:
    """Search the simulated shop."""
    catalog = _catalog(context, products, attributes, imported)
    found = [catalog.product(asin) for asin in catalog.search(words)]
    if as_json:
        print_json([{"asin": product.asin, "title": product.title, "price": product.price_tag} for product in found])
        return
    for product in found[:10]:
        console.print(f"{product.asin}  {product.price_tag:>18}  {escape(product.title)}")
    console.print(f"[dim]{len(found)}[/dim]")


@app.command("play", epilog='Example: stocksense shop play --wish "i am looking for cola, price lower than 30 dollars"')
@_as_ours()
def play(  # as in serve
    context: typer.Context,
    goal: Annotated[int | None, typer.Option(help="Number of the goal; else one is drawn.")] = None,
    wish: Annotated[str, typer.Option(help="A wish of your own; it is not graded.")] = "",
    products: Products = None,
    attributes: Attributes = None,
    imported: Imported = "",
) -> None:
    """Shop as the agent does, in the terminal: search words, click by number or name, leave with q."""
    env = rooms.webshop_env.WebShopEnv(_catalog(context, products, attributes, imported), mode="fixed")
    wishes: dict[str, int | str] = {"instruction": wish} if wish else {"goal": goal} if goal is not None else {}
    reward = rooms.play.play(env, input, lambda line: console.print(escape(line)), wishes=wishes)
    if reward is not None:
        console.print(f"{reward:.3f}")


@app.command("bench", epilog="Example: stocksense shop bench --json")
@_as_ours()
def bench(
    context: typer.Context,
    products: Products = None,
    attributes: Attributes = None,
    imported: Imported = "",
    as_json: Json = False,
) -> None:
    """Measure steps a second of processor time and how long a search takes, on this machine, now."""
    with console.status("measuring ..."):
        speed = rooms.bench.measure_speed(_catalog(context, products, attributes, imported))
    if as_json:
        print_json(speed)
        return
    table = new_table("", "products", "steps/s, cold", "steps/s, warm", "search p50", "p95", right=(0, 1, 2, 3, 4))
    table.add_row(
        f"{speed.products:,}", f"{speed.cold_steps:,.0f}", f"{speed.warm_steps:,.0f}",
        f"{speed.search_p50_ms:.2f} ms", f"{speed.search_p95_ms:.2f} ms",
    )  # fmt: skip
    console.print(table)


@app.command("check", epilog="Example: stocksense shop check golden --products items.json --attributes attributes.json")
@_as_ours()
def check(  # as in serve
    context: typer.Context,
    recorded: Annotated[Path, typer.Argument(help="Folder of recorded outputs of the reference environment.")],
    products: Products = None,
    attributes: Attributes = None,
    imported: Imported = "",
    as_json: Json = False,
) -> None:
    """Replay recorded outputs and print the differences by layer; exits with 1 if there are any."""
    with console.status("replaying ..."):
        layers = rooms.check.check_all(_catalog(context, products, attributes, imported), recorded)
    if not layers:
        raise BadValue(f"{recorded} holds no recorded outputs; it needs files such as search.jsonl.gz")
    if as_json:
        print_json(layers)
    else:
        for layer in layers:
            console.print(escape(str(layer)))
    if any(layer.differences for layer in layers):
        raise typer.Exit(1)


@app.command("import", epilog="Example: stocksense shop import --products items.json --attributes attributes.json")
@_as_ours()
def import_files(
    context: typer.Context,
    products: Annotated[Path, typer.Option(help="The products file in WebShop's format.")],
    attributes: Annotated[Path, typer.Option(help="Its attributes file.")],
    human: Annotated[Path | None, typer.Option(help="Instructions that people wrote, if there are any.")] = None,
    name: Annotated[str, typer.Option(help="What to call it; `--imported NAME` opens it.")] = "official",
) -> None:
    """Read a catalogue of any size into the home folder, from where it opens in a moment."""
    folder = face_of(context).settings.home / "catalogues" / name
    with console.status("reading ..."):
        catalog = rooms.warehouse.import_catalog(products, attributes, folder, human=human)
    served = ", ".join(f"{count:,} {source}" for source, count in catalog.noun_sources.items())
    console.print(f"{len(catalog.products):,} products in {folder}; nouns: {served}")


def _catalog(
    context: typer.Context, products: Path | None, attributes: Path | None, imported: str
) -> rooms.webshop_env.Catalog:
    """The catalogue that was asked for. Raises BadValue for half of a pair of files."""
    if imported:
        return rooms.warehouse.open_catalog(face_of(context).settings.home / "catalogues" / imported)
    if products is None and attributes is None:
        return rooms.webshop_env.load_shipped_catalog()
    if products is None or attributes is None:
        raise BadValue("--products and --attributes belong together; give both, or neither for the shipped catalogue")
    return rooms.webshop_env.load_catalog(products, attributes)
