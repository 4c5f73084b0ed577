"""`stocksense run`: the whole loop once, with its progress and its result."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer
from rich.markup import escape

from stocksense.domain.orders import OrderState, ProposalState
from stocksense.domain.reasons import show_money, show_number
from stocksense.domain.reorder import Reason
from ui.cli import rooms
from ui.cli.face import Face, Json, console, errors, face_of, new_table, print_json
from ui.cli.progress import Watcher, progress_bars

SHOWN_ROWS = 6

_STATES = {
    "pending": ("결재 대기", "waits for you"),
    "approved": ("승인됨", "approved"),
    "ordered": ("주문함", "ordered"),
    "rejected": ("거절됨", "rejected"),
    "superseded": ("대체됨", "superseded"),
}

_REASONS = {
    Reason.ORDERED: ("주문", "ordered"),
    Reason.ENOUGH_STOCK: ("재고 충분", "enough stock"),
    Reason.ON_ORDER: ("이미 주문함", "on order already"),
    Reason.NO_DEMAND: ("수요 없음", "no demand"),
    Reason.RECALLED: ("리콜", "recalled"),
    Reason.DISCONTINUED: ("단종", "discontinued"),
    Reason.OVER_BUDGET: ("예산 초과", "over budget"),
    Reason.BELOW_MINIMUM: ("최소 주문 미달", "below minimum"),
    Reason.NEW_PRODUCT: ("신상품", "new product"),
    Reason.NO_OFFER: ("공급처 없음", "no offer"),
}


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("run", epilog="Example: stocksense --language en run")(run)


def run(
    context: typer.Context,
    as_json: Json = False,
    rows: Annotated[int, typer.Option(help="How many rows of each table are shown.")] = SHOWN_ROWS,
) -> None:
    """Do everything once: recalls, forecast, reasons, proposals, orders, mail. Without a shop, the sample is made."""
    face = face_of(context)
    console.quiet = as_json
    report = run_once(face)
    console.quiet = False
    if as_json:
        print_json(report)
    else:
        show_report(face, report, rows)


def run_once(face: Face) -> rooms.report.RunReport:
    """Fire the replenishment for this instant and read back what it did; exits with 1 if it failed."""
    if not console.is_terminal:
        console.print(face.words("StockSense를 시작합니다 …", "Starting StockSense ..."))
    with progress_bars() as bars:
        watcher = Watcher(face, bars)
        watcher.count("start")
        rooms.samples.ensure_shop(face.settings, watcher.count_pieces("sample"))
        services = face.services()
        firing = rooms.jobs.fire(services, "replenish", services.clock(), watcher.see)
    assert firing is not None  # this instant is nobody else's
    if firing.error:
        errors.print(face.words("실행이 실패했습니다: ", "The run failed: ") + firing.error, markup=False)
        errors.print(face.words("자세히: stocksense jobs history", "More: stocksense jobs history"))
        raise typer.Exit(1)
    return rooms.report.report_of(services, firing.run_id, firing.failures, face.language)


def show_report(face: Face, report: rooms.report.RunReport, rows: int) -> None:
    """Print what a run did: what it saw, forecast, decided, bought, took off sale, and where to look next."""
    _show_heading(face, report)
    _show_forecast(face, report)
    _show_reasons(face, report)
    _show_proposals(face, report, rows)
    _show_orders(face, report, rows)
    _show_outside(face, report)
    _show_next(face, report)


def _show_heading(face: Face, report: rooms.report.RunReport) -> None:
    console.print()
    console.print(f"[bold]{report.shop}[/bold] · {report.day} · " + face.words("실행", "run") + f" {report.run_id}")
    if report.provenance:
        console.print(f"[yellow]{report.provenance}[/yellow]")
    console.print(
        face.words(
            f"상품 {report.products}개, 판매 {report.sales_from} ~ {report.sales_to}",
            f"{report.products} products, sales {report.sales_from} to {report.sales_to}",
        )
    )


def _show_forecast(face: Face, report: rooms.report.RunReport) -> None:
    made = report.forecast
    table = new_table(
        face.words(
            f"\n예측 {made.products}개 · 모델 {made.version}", f"\n{made.products} forecasts · model {made.version}"
        ),
        face.words("모델", "model"),
        face.words("WAPE (하루)", "WAPE, day"),
        face.words("WAPE (21일 합)", "WAPE, 21 days"),
        face.words("편향", "bias"),
        face.words("채택된 상품", "chosen for"),
        right=(1, 2, 3, 4),
    )
    for model in made.models:
        table.add_row(
            model.name,
            f"{model.wape:.3f}",
            f"{model.wape21:.3f}",
            f"{model.bias:+.1%}",
            show_number(model.chosen_for) if model.name != "champion" else "–",
        )
    console.print(table)
    console.print(f"[dim]{face.words('검증 구간', 'held out')}: {made.held_out}[/dim]")


def _show_reasons(face: Face, report: rooms.report.RunReport) -> None:
    table = new_table(
        face.words("\n모든 상품의 판단", "\nEvery product has a reason"),
        face.words("이유", "reason"),
        face.words("상품 수", "products"),
        right=(1,),
    )
    for reason, count in sorted(report.reasons.items(), key=lambda pair: -pair[1]):
        table.add_row(face.words(*_REASONS[reason]), show_number(count))
    console.print(table)


def _show_proposals(face: Face, report: rooms.report.RunReport, rows: int) -> None:
    _title(
        face, f"제안 {len(report.proposals)}건", f"{len(report.proposals)} proposals, the ones that wait for you first"
    )
    waiting_first = sorted(report.proposals, key=lambda proposal: proposal.state is not ProposalState.PENDING)
    for proposal in waiting_first[:rows]:
        total = show_money(proposal.total, report.currency, face.language)
        state = _STATES[proposal.state.value][face.language == "en"]
        console.print(f"  {proposal.name} × {show_number(proposal.quantity)} · {total} · [bold]{state}[/bold]")
        console.print(f"    [dim]{escape(proposal.reason)}[/dim]")
    _print_cut(face, len(report.proposals) - rows, "stocksense orders list --all")


def _show_orders(face: Face, report: rooms.report.RunReport, rows: int) -> None:
    bought = [line for line in report.orders if line.state is not OrderState.NEEDS_ATTENTION]
    spent = show_money(sum((line.total for line in bought), Decimal(0)), report.currency, face.language)
    _title(
        face, f"모의 상점에서 산 주문 {len(bought)}건, {spent}", f"{len(bought)} bought in the simulated shop, {spent}"
    )
    for line in bought[:rows]:
        price, total = (show_money(amount, report.currency, face.language) for amount in (line.unit_price, line.total))
        console.print(f"  {line.name} × {show_number(line.quantity)} · {price} = {total}")
        console.print(f"    [dim]{escape(line.page)}[/dim]", soft_wrap=True)
    _print_cut(face, len(bought) - rows, "stocksense orders list")
    stopped = [line for line in report.orders if line.state is OrderState.NEEDS_ATTENTION]
    if stopped:
        _title(face, f"사지 못한 주문 {len(stopped)}건", f"{len(stopped)} need your attention")
    for line in stopped[:rows]:
        console.print(f"  {line.name} × {show_number(line.quantity)}\n    [dim]{escape(line.note)}[/dim]")
    _print_cut(face, len(stopped) - rows, "stocksense orders list")


def _title(face: Face, korean: str, english: str) -> None:
    console.print(f"\n[bold]{face.words(korean, english)}[/bold]")


def _print_cut(face: Face, left_out: int, command: str) -> None:
    if left_out > 0:
        console.print(f"  [dim]{face.words(f'… {left_out}건 더', f'… {left_out} more')}: {command}[/dim]")


def _show_outside(face: Face, report: rooms.report.RunReport) -> None:
    _title(face, "리콜", "Recalls")
    for found in report.recalls:
        done = face.words(f"{found.units}개 격리", f"{found.units} units quarantined")
        asked = face.words("확인 필요", "please decide")
        state = done if found.state.value == "quarantined" else asked
        console.print(f"  {found.name} ({found.sku}): {found.notice} · {found.evidence} · [red]{state}[/red]")
    if not report.recalls:
        console.print(f"  {_nothing(face, report.recall_sources)}")
    _title(face, "뜨는 검색어", "Rising searches")
    for trend in report.trends[:5]:
        carried = ", ".join(trend.skus[:3]) or face.words("취급하지 않음", "not carried")
        moved = f"{trend.before or '–'} → {trend.rank}"
        console.print(
            f"  {trend.keyword} {moved} ({trend.source} {trend.category}, {_window(trend.window)}): {carried}"
        )
    if not report.trends:
        console.print(f"  {_nothing(face, report.trend_sources)}")
    for failure in report.failures:
        console.print(f"[yellow]! {escape(failure)}[/yellow]")


def _nothing(face: Face, sources: tuple[str, ...]) -> str:
    """Nothing found, or nobody asked: two different facts."""
    if not sources:
        return face.words(
            "확인하지 않음: 설정된 출처 없음 (stocksense doctor)", "not asked: no source is set up (stocksense doctor)"
        )
    asked = ", ".join(sources)
    return face.words(f"해당 없음 ({asked})", f"none ({asked})")


def _window(window: tuple[date, date]) -> str:
    return f"{window[0]:%m-%d}..{window[1]:%m-%d}"


def _show_next(face: Face, report: rooms.report.RunReport) -> None:
    _title(face, "메일", "Mail")
    for mail in report.mails:
        console.print(f"  {mail}")
    _title(face, "다음", "Next")
    named = [line.name for line in report.orders if line.state is OrderState.PLACED]
    asked = next(iter([*named, *(proposal.name for proposal in report.proposals)]), "콜라")
    for command, korean, english in (
        ("stocksense reorder --all", "모든 상품의 이유", "the reason of every product"),
        (f'stocksense ask "{face.words(f"{asked} 왜 주문했어?", f"why was {asked} ordered?")}"', "물어보기", "ask"),
        ("stocksense orders list", "주문과 결재", "orders, and what waits for you"),
        ("./scripts/ui", "대화창", "the chat in a browser"),
    ):
        console.print(f"  {command}   [dim]{face.words(korean, english)}[/dim]")
