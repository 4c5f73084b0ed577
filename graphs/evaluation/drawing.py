"""Plots as SVG, drawn from numbers alone; colours come from the page that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from webshop_env.scores import Score

_WIDTH, _HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 14, 34
_BINS = 10


def by_trial(scores: Sequence[Score]) -> Markup:
    """Success by trial in percent as a line with its 95 % intervals, and score x 100 as a second line."""
    places = range(len(scores))
    lines = [_axes([str(place + 1) for place in places])]
    for place, score in enumerate(scores):
        low, high = score.success_interval
        x = _x(place, len(scores))
        lines.append(f'<line class="band" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(low):.1f}" y2="{_y(high):.1f}"/>')
    for kind, values in (("score", [s.mean for s in scores]), ("success", [s.success for s in scores])):
        dots = [(_x(place, len(scores)), _y(value), value) for place, value in enumerate(values)]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in dots)
        lines.append(f'<polyline class="{kind}" points="{way}"/>')
        lines += [f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{v:.1f}</title></circle>'
                  for x, y, v in dots]  # fmt: skip
    return _svg(lines)


def histogram(rewards: Sequence[float]) -> Markup:
    """How many tasks had which reward: ten bars from 0 to below 1, and one of its own for full marks."""
    counts = Counter(_BINS if reward == 1.0 else min(int(reward * _BINS), _BINS - 1) for reward in rewards)
    share = {place: 100 * counts[place] / len(rewards) for place in range(_BINS + 1)}
    lines = [_axes([*(f"{place / _BINS:.1f}–" for place in range(_BINS)), "1"])]
    width = (_WIDTH - _LEFT - _RIGHT) / (_BINS + 1) * 0.7
    for place, percent in share.items():
        x, y = _x(place, _BINS + 1), _y(percent)
        lines.append(
            f'<rect class="{"success" if place == _BINS else "score"}" x="{x - width / 2:.1f}" y="{y:.1f}" '
            f'width="{width:.1f}" height="{_y(0) - y:.1f}"/>'
            f'<text x="{x:.1f}" y="{y - 4:.1f}" text-anchor="middle">{counts[place]}</text>'
        )
    return _svg(lines)


def _x(place: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (place + 0.5) / count


def _y(percent: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - percent / 100)


def _axes(names: Sequence[str]) -> str:
    """Lines at each quarter of 0 to 100, and a name below each place."""
    lines = []
    for percent in (0, 25, 50, 75, 100):
        y = _y(percent)
        lines.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{percent}</text>')
    for place, name in enumerate(names):
        x = _x(place, len(names))
        lines.append(f'<text x="{x:.1f}" y="{_HEIGHT - 12}" text-anchor="middle">{name}</text>')
    return "".join(lines)


def _svg(lines: Sequence[str]) -> Markup:
    """The drawing. Its parts are numbers and names that this file makes, so nothing needs escaping."""
    return Markup(f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">{"".join(lines)}</svg>')
