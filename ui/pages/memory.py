"""What the buyer learned: lessons of failed tries and solved ones, to read and to forget."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from agents.shopper.lessons import lesson_in
from tools.reflections import book_of
from ui.gate import Approver, Viewer, services_of
from ui.page import Nav, done, render, words_of

router = APIRouter()
NAV = Nav("memory", "/memory", icon="memory", place=80)

SIZE = 20


@router.get("/memory")
def memory_page(request: Request, visit: Viewer, page: int = 1, q: str = "") -> Response:
    """The lessons learned last first; with `q` those that hold the text."""
    book = book_of(services_of(request))
    wanted, language = q.strip().casefold(), words_of(request).language
    lessons = [
        one
        for one in book.newest(limit=book.kept)
        if wanted in f"{one.request} {lesson_in(language, one.lesson)} {one.category} {one.model}".casefold()
    ]
    first = (max(page, 1) - 1) * SIZE
    shown = lessons[first : first + SIZE]
    values: dict[str, Any] = {"lessons": shown, "total": len(lessons), "page": max(page, 1), "size": SIZE, "q": q}
    return render(request, "memory.html", solved=book.solved(limit=SIZE), now=services_of(request).clock(), **values)


@router.post("/memory/lessons/{number}/forget")
def forget_lesson(request: Request, visit: Approver, number: int) -> Response:
    """Forget one lesson; the command line can restore it."""
    services = services_of(request)
    book = book_of(services)
    book.forget([book.reflection(number)], now=services.clock(), actor=visit.person.email)
    return done(request, "/memory", "memory.forgotten")
