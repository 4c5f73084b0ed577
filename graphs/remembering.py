"""The memory of a loop of trials: what earlier loops taught is looked up, and what this one teaches is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from agents.shopper.examples import as_text, compact
from agents.shopper.request import Request
from graphs.reflexion import Learned, Trial
from memory.book import Book
from memory.examples import Embed, Episode
from memory.reflection import Reflection


@dataclass
class Remembering:
    """A book for one campaign at a site: `lessons` and `examples` say how many of each a prompt gets at most.

    `examples=0` shows none, for comparing; with `writes` false nothing is kept, only looked up and counted. One
    object serves one campaign after the other, never two at once.
    """

    book: Book
    site: str
    model: str
    clock: Callable[[], datetime]
    lessons: int = 3
    examples: int = 2
    embed: Embed | None = None
    writes: bool = True
    _shown: tuple[Reflection, ...] = field(default=(), init=False)
    _examples: tuple[Episode, ...] = field(default=(), init=False)

    def begin(self, request: Request) -> Learned:
        """The lessons that matter for the request, and the solved walks that are nearest to it."""
        now = self.clock()
        self._shown = self.book.recollect(self.site, request.text, now=now, category=request.kind, limit=self.lessons)
        self._examples = self.book.examples(self.site, request.text, now=now, limit=self.examples, embed=self.embed)
        return Learned(
            lessons=tuple(reflection.lesson for reflection in self._shown),
            examples=tuple(as_text(episode) for episode in self._examples),
        )

    def failed(self, request: Request, trial: Trial) -> None:
        """Keep the trial's lesson; the trials that follow count whether it helps."""
        if not self.writes:
            return
        written = self.book.write(
            Reflection(
                at=self.clock(),
                site=self.site,
                request=request.text,
                lesson=trial.lesson,
                category=request.kind,
                evidence=_facts(trial),
                score=trial.judgement.score,
                model=self.model,
            )
        )
        others = tuple(one for one in self._shown if one.number != written.number)
        self._shown = (*others, written)

    def ended(self, request: Request, trial: Trial) -> None:
        """Count whether what the trial was shown helped, and keep it as an example if it passed."""
        passed = trial.judgement.passed
        if self._shown or self._examples:
            self.book.note_use(self._shown, examples=self._examples, helped=passed)
        if passed and self.writes:
            self.book.keep(
                Episode(
                    at=self.clock(),
                    site=self.site,
                    request=request.text,
                    steps=compact(trial.trip.history, request),
                    category=request.kind,
                    score=trial.judgement.score,
                    model=self.model,
                )
            )


def _facts(trial: Trial) -> str:
    """The evidence without a word of a page's: how the walk ended, the product's number, the kinds of faults."""
    judgement, steps = trial.judgement, len(trial.trip.history)
    wrong = ", ".join(dict.fromkeys(judgement.faults)) or ("options left open" if judgement.unchosen else "none found")
    return f"{trial.trip.outcome} after {steps} steps; {judgement.product or 'nothing found'}: {wrong}"
