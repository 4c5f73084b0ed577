"""Bars on the command line while long work goes on: one a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ui.cli.face import Face, console

if TYPE_CHECKING:
    from graphs.progress import Progress as Step

_STEPS = {
    "start": ("시작", "Starting"),
    "sample": ("예시 매장 만들기", "Making the sample shop"),
    "import": ("파일 읽기", "Reading the file"),
    "recover": ("지난 주문 확인", "Earlier orders"),
    "recalls": ("리콜 확인", "Recall notices"),
    "forecast": ("수요 예측", "Demand forecast"),
    "trends": ("인기 검색어", "Popular searches"),
    "review": ("재고 판단", "Reviewing stock"),
    "buy": ("주문", "Buying"),
    "mail": ("메일", "Mail"),
}


def progress_bars() -> Progress:
    """Bars for long work, one a step."""
    return Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        console=console,
    )


class Watcher:
    """Turns a graph's progress into bars: one a step, finished when the next begins."""

    def __init__(self, face: Face, bars: Progress) -> None:
        self._face, self._bars = face, bars
        self._tasks: dict[str, int] = {}

    def see(self, step: Step) -> None:
        """Show one piece of progress."""
        self.count(step.step, step.done, step.total, step.note)

    def count(self, step: str, done: int = 0, total: int = 0, note: str = "") -> None:
        """Show that a step has done so many of so many pieces."""
        if step not in self._tasks:
            self._finish_all()
            self._tasks[step] = self._bars.add_task(self._face.words(*_STEPS[step]), total=None, note="")
        self._bars.update(self._tasks[step], total=total or None, completed=done, note=note)  # type: ignore[arg-type]

    def count_pieces(self, step: str) -> Callable[[int, int, str], None]:
        """For work that isn't a graph: takes done, total and a note of this one step."""
        return lambda done, total, note: self.count(step, done, total, note)

    def _finish_all(self) -> None:
        for task in self._tasks.values():
            known = self._bars.tasks[task]
            self._bars.update(known.id, total=known.total or 1, completed=known.total or 1, note="")
