"""`stocksense shop`: the simulated shop, to serve, to play in, to measure and to check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.face import Json, console, print_json

app = typer.Typer(help="The simulated shop (WebShop).", no_args_is_help=True, rich_markup_mode=None)

Products = Annotated[Path | None, typer.Option(help="A products file in WebShop's format; else the shipped catalogue.")]
Attributes = Annotated[Path | None, typer.Option(help="Its attributes file.")]


@app.command("serve", epilog="Example: stocksense shop serve --port 3000")
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    products: Products = None,
    attributes: Attributes = None,
) -> None:
    """Serve the simulated shop for a browser and for agents (set STOCKSENSE_WEBSHOP_URL to shop there)."""
    import uvicorn

    from webshop_env.server import create_app

    console.print(f"http://{host}:{port}")
    uvicorn.run(create_app(_catalog(products, attributes)), host=host, port=port, log_level="warning")


@app.command("search", epilog='Example: stocksense shop search "콜라 24캔"')
def search(
    words: Annotated[str, typer.Argument(help="What to look for.")],
    products: Products = None,
    attributes: Attributes = None,
    as_json: Json = False,
) -> None:
    """Search the simulated shop."""
    catalog = _catalog(products, attributes)
    found = [catalog.product(asin) for asin in catalog.search(words)]
    if as_json:
        print_json([{"asin": product.asin, "title": product.title, "price": product.price_tag} for product in found])
        return
    for product in found[:10]:
        console.print(f"{product.asin}  {product.price_tag:>18}  {product.title}", markup=False)
    console.print(f"[dim]{len(found)}[/dim]")


def _catalog(products: Path | None, attributes: Path | None):  # type: ignore[no-untyped-def]
    import webshop_env

    if products is None or attributes is None:
        return webshop_env.load_shipped_catalog()
    return webshop_env.load_catalog(products, attributes)
