"""Small charts as SVG, drawn on the server: they follow the theme, scale with the page, and each has its table.

Shapes are stretched to the width that there is; all text is HTML beside them, so that it never shrinks on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup, escape

from ui.wording import Number, Words

_numbers = count(1)

WIDTH, HEIGHT = 1000.0, 300.0


@dataclass(frozen=True)
class Bar:
    """One bar; `before` is what it is compared with, drawn behind it; `shown` is how the value is written."""

    label: str
    value: float
    before: float | None = None
    shown: str = ""
    href: str = ""


@dataclass(frozen=True)
class Dot:
    """One point of a line: what was (`actual`), what is expected (`value`), and between which bounds."""

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    actual: float | None = None


@dataclass(frozen=True)
class Share:
    """One part of a whole."""

    label: str
    value: float
    shown: str = ""


@dataclass(frozen=True)
class ShelfDay:
    """A day of a shelf: what sold, what was left when it ended, and whether it closed empty."""

    label: str
    sold: float
    held: float
    is_empty: bool = False


def sparkline(values: Sequence[Number], *, label: str) -> Markup:
    """A line without axes, to stand in a table's cell; `label` says in words what it shows."""
    points = _places([float(value) for value in values], top=28.0, width=100.0)
    if not points:
        return Markup("")
    return _markup(
        f'<svg class="spark" viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f'<polyline points="{_joined(points, shift=2.0)}" vector-effect="non-scaling-stroke"/></svg>'
    )


def bars(say: Words, rows: Sequence[Bar], *, title: str, unit: str = "") -> Markup:
    """Upright bars over time, with what they are compared with behind them; `unit` heads the table's column."""
    top = max((max(row.value, row.before or 0.0) for row in rows), default=0.0) or 1.0
    width = WIDTH / max(len(rows), 1)
    shapes = []
    for at, row in enumerate(rows):
        left = at * width
        if row.before is not None:
            shapes.append(_bar("before", (left + width * 0.08, width * 0.84), row.before / top, ""))
        shown = row.shown or say.number(row.value)
        shapes.append(_bar("bar", (left + width * 0.2, width * 0.6), row.value / top, f"{row.label}: {shown}"))
    compares = any(row.before is not None for row in rows)
    head = [say("charts.label"), unit or title, *([say("charts.before")] if compares else [])]
    table = [
        [row.label, row.shown or say.number(row.value), *([say.number(row.before)] if compares else [])] for row in rows
    ]
    keys = _keys({"bar": unit or title, "before": say("charts.before")} if compares else {})
    return keys + _figure(
        say, "".join(shapes), title, labels=[row.label for row in rows], top=top, table=[head, *table]
    )


def shelf(say: Words, days: Sequence[ShelfDay], *, title: str) -> Markup:
    """What sold each day as bars, what was left as a line of its own scale, days that closed empty shaded."""
    top = max((day.sold for day in days), default=0.0) or 1.0
    most = max((day.held for day in days), default=0.0) or 1.0
    width = WIDTH / max(len(days), 1)
    outs = "".join(_bar("out", (at * width, width), 1.0, "") for at, day in enumerate(days) if day.is_empty)
    sold = "".join(
        _bar("bar", (at * width + width * 0.15, width * 0.7), day.sold / top, f"{day.label}: {say.units(day.sold)}")
        for at, day in enumerate(days)
        if day.sold > 0
    )
    held = [(at * width + width / 2, HEIGHT - max(day.held, 0.0) / most * HEIGHT) for at, day in enumerate(days)]
    named = {"bar": say("charts.sold"), "held": say("charts.held", n=int(most)), "out": say("charts.empty")}
    head = [say("charts.label"), say("charts.sold"), say("charts.left")]
    table = [[day.label, say.number(day.sold), say.number(day.held)] for day in days]
    shapes = outs + sold + _line("held", held)
    return _keys(named) + _figure(say, shapes, title, labels=[day.label for day in days], top=top, table=[head, *table])


def line(say: Words, dots: Sequence[Dot], *, title: str, unit: str = "") -> Markup:
    """What was as a full line, what is expected as a broken one within its band."""
    known = [v for d in dots for v in (d.value, d.high, d.actual) if v is not None]
    top = max(known, default=0.0) or 1.0
    step = WIDTH / max(len(dots) - 1, 1)

    def at(place: int, value: float) -> tuple[float, float]:
        return place * step, HEIGHT - value / top * HEIGHT

    band = [(i, d.low, d.high) for i, d in enumerate(dots) if d.low is not None and d.high is not None]
    outline = [at(i, high) for i, _, high in band] + [at(i, low) for i, low, _ in reversed(band)]
    expected = [at(i, d.value) for i, d in enumerate(dots) if d.value is not None]
    actual = [at(i, d.actual) for i, d in enumerate(dots) if d.actual is not None]
    shapes = (
        (f'<polygon class="band" points="{_joined(outline)}"/>' if outline else "")
        + _line("expected", expected)
        + _line("actual", actual)
    )
    head = [say("charts.label"), say("charts.actual"), say("charts.expected"), say("charts.between")]
    table = [
        [
            d.label,
            say.number(d.actual),
            say.number(d.value),
            say("charts.range", low=d.low, high=d.high) if d.low is not None else "",
        ]
        for d in dots
    ]
    named = f"{title} ({unit})" if unit else title
    drawn = {"actual": actual, "expected": expected, "band": outline}
    keys = {kind: word for kind, word in zip(drawn, head[1:], strict=True) if drawn[kind]}
    return _keys(keys) + _figure(say, shapes, named, labels=[d.label for d in dots], top=top, table=[head, *table])


def shares(say: Words, parts: Sequence[Share], *, title: str) -> Markup:
    """One bar cut into the parts of a whole, with a legend that tells each part's share."""
    whole = sum(part.value for part in parts) or 1.0
    left, shapes, legend = 0.0, [], []
    for at, part in enumerate(parts):
        width = part.value / whole * WIDTH
        told = f"{part.label}: {part.shown or say.percent(part.value / whole, 1)}"
        shapes.append(
            f'<rect class="part c{at % 8}" x="{left:.1f}" y="0" width="{width:.1f}" height="40">'
            f"<title>{escape(told)}</title></rect>"
        )
        legend.append(
            f'<li><svg class="dot c{at % 8}" viewBox="0 0 8 8" aria-hidden="true"><rect width="8" height="8"/></svg>'
            f"{escape(part.label)} <b>{say.percent(part.value / whole, 1)}</b>"
            f"{f' <span>{escape(part.shown)}</span>' if part.shown else ''}</li>"
        )
        left += width
    return _markup(
        f'<figure class="chart shares"><svg viewBox="0 0 {WIDTH:.0f} 40" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(title)}">{"".join(shapes)}</svg><ul class="legend">{"".join(legend)}</ul></figure>'
    )


def _figure(
    say: Words, shapes: str, title: str, *, labels: Sequence[str], top: float, table: Sequence[Sequence[str]]
) -> Markup:
    number = next(_numbers)
    last = len(labels) - 1
    ticks = sorted({0, last // 2, last}) if labels else []
    below = "".join(f"<span>{escape(labels[at])}</span>" for at in ticks)
    return _markup(
        f'<figure class="chart"><div class="plot"><div class="axis" aria-hidden="true">'
        f"<span>{escape(say.compact(top))}</span><span>{escape(say.compact(top / 2))}</span><span>0</span></div>"
        f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" preserveAspectRatio="none" role="img" '
        f'aria-labelledby="chart{number}"><title id="chart{number}">{escape(title)}</title>'
        f'<path class="grid" d="M0 0H{WIDTH:.0f}M0 {HEIGHT / 2:.0f}H{WIDTH:.0f}M0 {HEIGHT:.0f}H{WIDTH:.0f}" '
        f'vector-effect="non-scaling-stroke"/>{shapes}</svg>'
        f'<div class="ticks" aria-hidden="true">{below}</div></div>{_table(say, table)}</figure>'
    )


def _keys(named: Mapping[str, str]) -> Markup:
    """What each kind of shape stands for; the table tells the same to those who don't see them."""
    each = "".join(f'<span><i class="{kind}"></i>{escape(word)}</span>' for kind, word in named.items())
    return _markup(f'<p class="keys" aria-hidden="true">{each}</p>' if each else "")


def _table(say: Words, rows: Sequence[Sequence[str]]) -> str:
    """The same numbers to read, folded away."""
    head, *body = rows
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in body
    )
    return (
        f'<details class="chart-data"><summary>{escape(say("charts.as_table"))}</summary>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(say("charts.as_table"))}">'
        f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div></details>"
    )


def _bar(kind: str, across: tuple[float, float], share: float, told: str) -> str:
    left, width = across
    height = max(share, 0.0) * HEIGHT
    title = f"<title>{escape(told)}</title>" if told else ""
    return (
        f'<rect class="{kind}" x="{left:.1f}" y="{HEIGHT - height:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}">{title}</rect>'
    )


def _line(kind: str, points: Sequence[tuple[float, float]]) -> str:
    if not points:
        return ""
    return f'<polyline class="{kind}" points="{_joined(points)}" vector-effect="non-scaling-stroke"/>'


def _places(values: Sequence[float], *, top: float, width: float) -> list[tuple[float, float]]:
    """Where each value lies, from the least at the bottom to the greatest at the top."""
    if not values:
        return []
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = width / max(len(values) - 1, 1)
    return [(at * step, top - (value - low) / span * top) for at, value in enumerate(values)]


def _joined(points: Sequence[tuple[float, float]], shift: float = 0.0) -> str:
    return " ".join(f"{x:.1f},{y + shift:.1f}" for x, y in points)


def _markup(html: str) -> Markup:
    """What came from outside is escaped above; the rest is our own."""
    return Markup(html)
