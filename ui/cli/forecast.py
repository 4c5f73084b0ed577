"""`stocksense forecast` and `stocksense reorder`: what is expected, and what was decided because of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from stocksense.domain.demand import Forecast
from stocksense.domain.reasons import sentence, show_number
from stocksense.domain.reorder import Reason
from ui.cli import rooms
from ui.cli.face import Face, Json, console, face_of, new_table, print_json
from ui.cli.progress import Watcher, progress_bars


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("forecast", epilog="Examples: stocksense forecast; stocksense forecast DRK-COLA-355")(forecast)
    app.command("reorder", epilog="Examples: stocksense reorder --all; stocksense reorder --reason over_budget")(
        reorder
    )


def forecast(
    context: typer.Context,
    sku: Annotated[str, typer.Argument(help="One product's SKU; left out, all are forecast anew.")] = "",
    as_json: Json = False,
) -> None:
    """Forecast the next 21 days of every product, or show one product's forecast."""
    face = face_of(context)
    if sku:
        _show_one(face, sku, as_json)
    else:
        _forecast_all(face, as_json)


def _forecast_all(face: Face, as_json: bool) -> None:
    services = face.services()
    console.quiet = as_json
    with progress_bars() as bars:
        made = rooms.review.forecast_shop(services, Watcher(face, bars).count_pieces("forecast"))
    console.quiet = False
    if as_json:
        print_json(made)
        return
    table = new_table(
        face.words(f"예측 {len(made)}개", f"{len(made)} forecasts"),
        "SKU",
        face.words("하루 평균", "a day"),
        face.words("7일 합", "7 days"),
        face.words("모델", "model"),
        face.words("WAPE (주)", "WAPE, week"),
        right=(1, 2, 4),
    )
    for one in sorted(made, key=lambda one: -one.daily_demand)[:20]:
        error = one.backtest.get(one.model)
        wape = f"{error:.2f}" if error is not None else "–"
        table.add_row(one.sku, show_number(one.daily_demand), show_number(one.mean_within(7)), one.model, wape)
    console.print(table)


def _show_one(face: Face, sku: str, as_json: bool) -> None:
    services = face.services()
    with services.sessions() as session:
        shop = services.shop(session)
        product = rooms.products.product_of(session, shop.id, sku)
        found = rooms.forecasts.forecast_of(session, shop.id, sku)
    if found is None:
        console.print(face.words("아직 예측이 없습니다. stocksense run", "No forecast yet; type: stocksense run"))
        raise typer.Exit(1)
    if as_json:
        print_json(found)
        return
    console.print(f"[bold]{product.name(face.language)}[/bold] ({sku}) · {found.model} · {found.version}")
    _show_days(face, found)
    for model, error in sorted(found.backtest.items(), key=lambda pair: pair[1]):
        console.print(f"[dim]{model}: WAPE {error:.2f}[/dim]")
    if found.notes.get(face.language):
        console.print(found.notes[face.language])


def _show_days(face: Face, found: Forecast) -> None:
    top = max(*found.daily_high, 1.0)
    table = new_table("", face.words("날짜", "day"), face.words("예상", "mean"), "10 – 90 %", "", right=(1, 2))
    days = zip(found.daily_mean, found.daily_low, found.daily_high, strict=True)
    for ahead, (mean, low, high) in enumerate(days, 1):
        bar = "█" * round(20 * mean / top) + "░" * (round(20 * high / top) - round(20 * mean / top))
        day = found.made_on + timedelta(days=ahead)
        table.add_row(f"{day:%m-%d %a}", f"{mean:.1f}", f"{show_number(low)} – {show_number(high)}", bar)
    console.print(table)


def reorder(
    context: typer.Context,
    show_all: Annotated[bool, typer.Option("--all", help="Every product, not only those to order.")] = False,
    reason: Annotated[Reason | None, typer.Option(help="Only products with this reason.")] = None,
    as_json: Json = False,
) -> None:
    """Show what the last run decided about each product, and why, in one sentence with its numbers."""
    face = face_of(context)
    services = face.services()
    with services.sessions() as session:
        shop = services.shop(session)
        made = rooms.decisions.latest_decisions(session, shop.id, reason=reason)
    shown = [one for one in made if show_all or reason or one.decision.reason is Reason.ORDERED]
    if as_json:
        print_json(shown)
        return
    if not made:
        console.print(face.words("아직 판단이 없습니다. stocksense run", "Nothing decided yet; type: stocksense run"))
        return
    for one in shown:
        console.print(f"[bold]{one.name(face.language)}[/bold] [dim]{one.sku} · {one.decision.reason.value}[/dim]")
        console.print(f"  {sentence(one.decision, face.language, shop.currency)}", markup=False)
    console.print(f"[dim]{len(shown)} / {len(made)}[/dim]")
