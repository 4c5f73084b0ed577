"""Plots of series that a tool returned, in plotly's JSON; without a series there is no plot."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from graphs.answers import StepTaken
from ui.conversation.results import localised
from ui.wording import Words

Values = Mapping[str, Any]
_BRAND, _BAND, _INK, _GRID = "#1a8f80", "rgba(26,143,128,.18)", "#7b858c", "rgba(127,137,144,.25)"
"""Colours that can be read on light and on dark."""

_MOST_BARS = 15


def plot_of(say: Words, step: StepTaken) -> str:
    """The plot of what a call returned, as JSON text; empty where it returned no series."""
    draw = _DRAWN.get(step.tool)
    if draw is None or not step.result:
        return ""
    made = draw(say, localised(json.loads(step.result), say.language))
    return json.dumps(made, ensure_ascii=False) if made else ""


def _forecast(say: Words, values: Values) -> dict[str, Any] | None:
    """Expected sales a day, within their interval."""
    days = values.get("daily") or []
    if len(days) < 2:
        return None
    x = [row["day"] for row in days]
    hover = {"hovertemplate": "%{x}: %{y:.1f}<extra></extra>"}
    band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "type": "scatter"}
    interval = say("talk.plot_interval", n=values["interval_percent"])
    data: list[dict[str, Any]] = [
        {**band, "x": x, "y": [row["high"] for row in days], "showlegend": False},
        {**band, "x": x, "y": [row["low"] for row in days], "fill": "tonexty", "fillcolor": _BAND, "name": interval},
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": x,
            "y": [row["mean"] for row in days],
            "name": say("talk.plot_expected"),
            "line": {"color": _BRAND, "width": 2},
            "marker": {"size": 5},
            **hover,
        },
    ]
    layout = _layout(say("talk.plot_forecast", name=values["name"]), height=280)
    layout["xaxis"] |= {"type": "date", "tickformat": "%m/%d", "nticks": 7}
    return _plot(data, layout)


def _by_day(say: Words, values: Values) -> dict[str, Any] | None:
    """Sales of each day."""
    days = values.get("days") or []
    if len(days) < 2:
        return None
    bars = {
        "type": "bar",
        "x": [row["day"] for row in days],
        "y": [float(row["amount"]) for row in days],
        "marker": {"color": _BRAND},
        "hovertemplate": "%{x}: %{y:,.0f}<extra></extra>",
    }
    about = (values.get("about") or {}).get("name", "")
    title = say("talk.plot_by_day", currency=values.get("currency", ""))
    layout = _layout(f"{about}: {title}" if about else title, height=280)
    layout["xaxis"] |= {"type": "date", "tickformat": "%m/%d", "nticks": 7}
    layout["margin"] |= {"l": 64}
    return _plot([bars], layout)


def _shares(say: Words, values: Values) -> dict[str, Any] | None:
    """Sales of each category or location, the largest on top."""
    rows = [(row["name"], float(row["amount"])) for row in values.get("rows") or []]
    return _bars(say("talk.plot_amounts", currency=values.get("currency", "")), rows)


def _sellers(say: Words, values: Values) -> dict[str, Any] | None:
    rows = [(row["name"], float(row["units"])) for row in values.get("products") or []]
    return _bars(say("talk.plot_units"), rows)


def _bars(title: str, rows: list[tuple[str, float]]) -> dict[str, Any] | None:
    if len(rows) < 2:
        return None
    shown = rows[:_MOST_BARS][::-1]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": [value for _, value in shown],
        # Plotly reads a few HTML tags in labels: names from outside stay letters.
        "y": [_cut(name) for name, _ in shown],
        "marker": {"color": _BRAND},
        "hovertemplate": "%{y}: %{x:,.0f}<extra></extra>",
    }
    layout = _layout(title, height=90 + 26 * len(shown))
    layout["yaxis"] |= {"automargin": True, "gridcolor": "rgba(0,0,0,0)"}
    layout["xaxis"] |= {"nticks": 4}
    return _plot([bar], layout)


def _cut(name: str) -> str:
    plain = name.replace("<", "‹").replace(">", "›").replace("&", "＆")
    return plain if len(plain) <= 18 else f"{plain[:17]}…"


def _layout(title: str, *, height: int) -> dict[str, Any]:
    axis = {"gridcolor": _GRID, "zerolinecolor": _GRID, "fixedrange": True}
    plain = title.replace("<", "‹").replace(">", "›").replace("&", "＆")
    return {
        "title": {"text": plain, "font": {"size": 14}, "x": 0, "xanchor": "left"},
        "height": height,
        "margin": {"l": 40, "r": 12, "t": 40, "b": 32},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": _INK, "family": "system-ui, Noto Sans KR, Noto Sans CJK KR, sans-serif"},
        "xaxis": dict(axis),
        "yaxis": {**axis, "rangemode": "tozero"},
        "legend": {"orientation": "h", "y": -0.15},
        "dragmode": False,
    }


def _plot(data: list[dict[str, Any]], layout: dict[str, Any]) -> dict[str, Any]:
    return {"data": data, "layout": layout, "config": {"displayModeBar": False, "responsive": True}}


_DRAWN: Mapping[str, Callable[[Words, Values], dict[str, Any] | None]] = {
    "forecast_demand": _forecast,
    "sales_by_day": _by_day,
    "sales_by_category": _shares,
    "sales_by_location": _shares,
    "top_sellers": _sellers,
}
