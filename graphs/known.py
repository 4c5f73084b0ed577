"""What the buyer knows before it shops for an order line, and what it keeps afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.shopper.brain import Brain
from agents.shopper.chat import ChatShopper
from agents.shopper.examples import as_text, compact
from agents.shopper.lessons import Insight, insight_from
from agents.shopper.offline import OfflineShopper
from agents.shopper.request import Request
from graphs.alternatives import Alternative
from graphs.react import Trip
from memory.examples import Episode
from memory.reflection import Reflection
from tools.reflections import book_of
from tools.services import Services

LISTED = {str(insight): insight for insight in Insight}
"""The fixed list of lessons, by their words."""


@dataclass(frozen=True)
class Known:
    """What earlier purchases at a site teach for a request: lessons of the fixed list, and solved walks."""

    site: str
    request: Request
    reflections: tuple[Reflection, ...] = ()
    examples: tuple[Episode, ...] = ()

    @property
    def lessons(self) -> tuple[Insight, ...]:
        """The lessons alone."""
        return tuple(LISTED[reflection.lesson] for reflection in self.reflections)


def known_for(services: Services, request: Request, site: str) -> Known:
    """What is known for a request; only lessons of our fixed list count, whoever wrote the row."""
    book, now = book_of(services), services.clock()
    found = book.recollect(site, request.text, now=now, category=request.kind)
    examples = book.examples(site, request.text, now=now) if _has_model(services) else ()
    return Known(site, request, tuple(one for one in found if one.lesson in LISTED), examples)


def brain_for(services: Services, known: Known) -> Brain:
    """The chat model of the settings as a buyer, else the buyer without a model; both know what is known."""
    if not _has_model(services):
        return OfflineShopper(lessons=known.lessons)
    # The client libraries take seconds to load, which a buyer without a model should not pay for.
    from agents.model import chat_model, model_name

    lessons = tuple(str(lesson) for lesson in known.lessons)
    examples = tuple(as_text(episode) for episode in known.examples)
    return ChatShopper(chat_model(services.settings), lessons, model_name(services.settings), examples)


def remember_success(services: Services, known: Known, trip: Trip, *, model: str) -> None:
    """Count what was known as helpful, and keep the walk as an example, without a word that a page wrote."""
    book = book_of(services)
    if known.reflections or known.examples:
        book.note_use(known.reflections, examples=known.examples, helped=True)
    book.keep(
        Episode(
            at=services.clock(),
            site=known.site,
            request=known.request.text,
            steps=compact(trip.history, known.request),
            category=known.request.kind,
            model=model,
        )
    )


def remember_failure(services: Services, known: Known, trip: Trip, near: Sequence[Alternative], *, model: str) -> None:
    """Count what was known as no help, and write a lesson of our fixed list.

    Its evidence is numbers and our own words, never the page's.
    """
    book = book_of(services)
    if known.reflections or known.examples:
        book.note_use(known.reflections, examples=known.examples, helped=False)
    insight = Insight.HURRY if trip.outcome in ("steps", "seconds", "tokens") else Insight.BROADEN
    if trip.outcome == "stopped" and near:
        insight = insight_from(near[0].verdict)
    faults = near[0].verdict.faults if near else ()
    evidence = f"{trip.outcome} after {len(trip.history)} steps; nearest {near[0].product}" if near else trip.outcome
    book.write(
        Reflection(
            at=services.clock(),
            site=known.site,
            request=known.request.text,
            lesson=str(insight),
            category=known.request.kind,
            evidence=f"{evidence}: {', '.join(faults)}",
            model=model,
        )
    )


def _has_model(services: Services) -> bool:
    return bool(services.settings.model_base_url or services.settings.upstage_api_key)
