"""`stocksense memory`: what the buyer learned, to list, to read, to forget and to restore."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from stocksense.errors import BadValue
from ui.cli import rooms
from ui.cli.face import Face, Json, console, face_of, new_table, print_json

if TYPE_CHECKING:
    from memory.book import Book
    from memory.examples import Episode
    from memory.reflection import Reflection

app = typer.Typer(help="What the buyer learned.", no_args_is_help=True, rich_markup_mode=None)

Code = Annotated[str, typer.Argument(help="As in the list: L12 is a lesson, E5 an episode.")]
Site = Annotated[str, typer.Option(help="Only what was learned at this site, such as webshop.")]
_MOST = 10_000
"""More than a book ever keeps at one site."""


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    root.add_typer(app, name="memory")


class Kind(StrEnum):
    """What there is to list."""

    ALL = "all"
    LESSONS = "lessons"
    EPISODES = "episodes"


@app.command("list", epilog="Examples: stocksense memory list; stocksense memory list --kind lessons --about cola")
def list_memory(  # noqa: PLR0913, PLR0917  # Typer makes an option of each
    context: typer.Context,
    kind: Annotated[Kind, typer.Option(help="Lessons of failed trials, solved episodes, or both.")] = Kind.ALL,
    site: Site = "",
    about: Annotated[str, typer.Option(help="Only what holds this text in request, goods, lesson or model.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many of each, the newest first.")] = 20,
    forgotten: Annotated[bool, typer.Option("--forgotten", help="What was forgotten and can be restored.")] = False,
    as_json: Json = False,
) -> None:
    """List what was learned, newest first: lessons with how often they were used and helped, and solved episodes."""
    face = face_of(context)
    book = _book(face)
    lessons = [one for one in book.newest(site, limit=_MOST, forgotten=forgotten) if _holds(about, one.lesson, one)]
    solved = [one for one in book.solved(site, limit=_MOST, forgotten=forgotten) if _holds(about, "", one)]
    lessons = lessons[:limit] if kind != Kind.EPISODES else []
    solved = solved[:limit] if kind != Kind.LESSONS else []
    if as_json:
        print_json({"lessons": lessons, "episodes": solved})
        return
    _show_list(face, lessons, solved)


@app.command("show", epilog="Examples: stocksense memory show L12; stocksense memory show E5 --json")
def show(context: typer.Context, code: Code, as_json: Json = False) -> None:
    """Show one lesson with its evidence, or one solved episode step by step."""
    face = face_of(context)
    book = _book(face)
    kind, number = _read(code)
    if kind == Kind.EPISODES:
        episode = book.episode(number)
        print_json(episode) if as_json else _show_episode(face, episode)
        return
    lesson = book.reflection(number)
    print_json(lesson) if as_json else _show_lesson(face, lesson)


@app.command("forget", epilog="Examples: stocksense memory forget L12 E5; stocksense memory forget --all")
def forget(
    context: typer.Context,
    codes: Annotated[list[str] | None, typer.Argument(help="As in the list: L12 is a lesson, E5 an episode.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All lessons and episodes, or those of --site.")] = False,
    site: Site = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
) -> None:
    """Forget lessons and episodes until they are restored; asks first."""
    face = face_of(context)
    book = _book(face)
    if everything == bool(codes):
        raise BadValue("nothing to forget: name codes such as L12 or E5 as in `stocksense memory list`, or give --all")
    if everything:
        lessons, solved = book.newest(site, limit=_MOST), book.solved(site, limit=_MOST)
    else:
        lessons, solved = _named(book, codes or [])
    if not yes:
        _show_list(face, lessons, solved)
        typer.confirm(face.words("모두 잊을까요?", "Forget all of these?"), abort=True)
    gone = book.forget(lessons, examples=solved, now=face.services().clock(), actor="command line")
    console.print(
        face.words(
            f"{gone}개를 잊었습니다. `stocksense memory restore`로 되살릴 수 있습니다.",
            f"{gone} forgotten; `stocksense memory restore` brings them back.",
        )
    )


@app.command("restore", epilog="Examples: stocksense memory list --forgotten; stocksense memory restore L12 E5")
def restore(
    context: typer.Context,
    codes: Annotated[list[str], typer.Argument(help="As in the list: L12 is a lesson, E5 an episode.")],
) -> None:
    """Remember lessons and episodes again that were forgotten."""
    face = face_of(context)
    book = _book(face)
    lessons, solved = _named(book, codes)
    back = book.restore(lessons, examples=solved, now=face.services().clock(), actor="command line")
    if not back:
        raise BadValue(f"{', '.join(codes)}: not forgotten; see `stocksense memory list --forgotten`")
    console.print(face.words(f"{back}개를 되살렸습니다.", f"{back} restored."))


def _book(face: Face) -> Book:
    return rooms.reflections.book_of(face.services())


def _named(book: Book, codes: Sequence[str]) -> tuple[tuple[Reflection, ...], tuple[Episode, ...]]:
    """The lessons and the episodes of some codes. Raises UnknownName."""
    wanted = [_read(code) for code in codes]
    return (
        tuple(book.reflection(number) for kind, number in wanted if kind == Kind.LESSONS),
        tuple(book.episode(number) for kind, number in wanted if kind == Kind.EPISODES),
    )


def _read(code: str) -> tuple[Kind, int]:
    """The kind and number of a code; a number alone is a lesson's."""
    letter, digits = (code[:1].upper(), code[1:]) if code[:1].isalpha() else ("L", code)
    kinds = {"L": Kind.LESSONS, "E": Kind.EPISODES}
    if letter not in kinds or not digits.isdecimal():
        raise BadValue(f"{code!r} is no code; write L12 for a lesson or E5 for an episode, as in the list")
    return kinds[letter], int(digits)


def _holds(about: str, lesson: str, one: Reflection | Episode) -> bool:
    return about.casefold() in " ".join((one.request, one.category, lesson, one.model)).casefold()


def _show_list(face: Face, lessons: Sequence[Reflection], solved: Sequence[Episode]) -> None:
    if not lessons and not solved:
        console.print(face.words("아직 배운 것이 없습니다.", "Nothing was learned yet."))
        return
    words = face.words
    if lessons:
        table = new_table(
            words("교훈", "Lessons"), "#", words("교훈", "lesson"), words("상품", "goods"), words("누가", "who"),
            words("횟수", "times"), words("도움/사용", "helped/used"), words("날짜", "learned"), right=(4, 5),
        )  # fmt: skip
        for one in lessons:
            use = f"{one.helped}/{one.used}"
            table.add_row(
                f"L{one.number}", one.lesson, one.category, one.model, str(one.times), use, f"{one.at:%Y-%m-%d}"
            )
        console.print(table)
    if solved:
        table = new_table(
            words("성공한 구매", "Solved episodes"), "#", words("요청", "request"), words("누가", "who"),
            words("단계", "steps"), words("도움/사용", "helped/used"), words("날짜", "solved"), right=(3, 4),
        )  # fmt: skip
        for done in solved:
            use, steps = f"{done.helped}/{done.used}", str(len(done.steps))
            table.add_row(f"E{done.number}", done.request, done.model, steps, use, f"{done.at:%Y-%m-%d}")
        console.print(table)


def _show_lesson(face: Face, one: Reflection) -> None:
    console.print(one.lesson, style="bold", markup=False)
    facts = (
        (face.words("요청", "request"), one.request),
        (face.words("상품", "goods"), one.category or face.words("모두", "all")),
        (face.words("근거", "evidence"), one.evidence),
        (face.words("점수", "score"), f"{one.score:.2f}"),
        (face.words("사이트", "site"), one.site),
        (face.words("누가", "who"), one.model),
        (face.words("날짜", "learned"), f"{one.at:%Y-%m-%d %H:%M} UTC, {one.times} ×"),
        (face.words("도움/사용", "helped/used"), f"{one.helped}/{one.used}"),
    )
    for name, value in facts:
        console.print(f"{name}: {value}", markup=False)


def _show_episode(face: Face, episode: Episode) -> None:
    console.print(rooms.examples.as_text(episode), markup=False)
    console.print(
        f"{episode.site} · {episode.model} · {episode.score:.2f} · {episode.at:%Y-%m-%d %H:%M} UTC", style="dim"
    )
