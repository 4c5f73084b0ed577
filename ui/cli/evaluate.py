"""`stocksense eval`: how well the buyer shops, measured on the simulated shop and told so that it can be repeated."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stocksense.errors import ModelUnavailable
from ui.cli import rooms
from ui.cli.face import Face, Json, console, errors, face_of, new_table, print_json

if TYPE_CHECKING:
    from stocksense.settings import Settings
    from webshop_env.reward import Mode
    from webshop_env.scores import Score

app = typer.Typer(help="Measure the buyer.", no_args_is_help=True, rich_markup_mode=None)
INTERRUPTED = 130

BrainOption = Annotated[str, typer.Option("--brain", help="offline, react or reflexion.")]
SuiteOption = Annotated[str, typer.Option("--suite", help="templated, human, paraphrased or paraphrased-ko.")]
NOption = Annotated[int, typer.Option("--n", help="How many goals of the split; 0 for all.")]
TrialsOption = Annotated[int, typer.Option("--trials", help="Trials at most; 0: 8 for reflexion, else 1.")]
SplitOption = Annotated[str, typer.Option("--split", help="test (goals 0 to 499), dev (500 to 1499), train or all.")]
ProfileOption = Annotated[str, typer.Option("--profile", help="quick (at most 15 steps a trial) or thorough.")]
ModeOption = Annotated[str, typer.Option("--mode", help="parity (graded as the reference does) or fixed.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Seed of prices, price caps and paraphrases.")]
EvaluatorOption = Annotated[str, typer.Option("--evaluator", help="Who asks for another trial: verifier or reward.")]
ModelOption = Annotated[str, typer.Option("--model", help="A chat model's name, offline, or scripted-weak.")]
ExamplesOption = Annotated[int, typer.Option("--examples", help="Solved examples that a chat model is shown.")]
WorkersOption = Annotated[int, typer.Option("--workers", help="Sessions side by side; 0: one for each core.")]
BaselinesOption = Annotated[bool, typer.Option("--baselines", help="Beside it: rule baseline, right product, oracle.")]
FreshOption = Annotated[bool, typer.Option("--fresh/--resume", help="Give up kept episodes, or go on with them.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder of episodes and report; else in the home.")]
Products = Annotated[Path | None, typer.Option("--products", help="Products in WebShop's format; else the shipped.")]
Attributes = Annotated[Path | None, typer.Option("--attributes", help="Their attributes file.")]
Human = Annotated[Path | None, typer.Option("--human", help="Their instructions that people wrote.")]
Nouns = Annotated[Path | None, typer.Option("--nouns", help="Their titles' nouns; else a frozen table or a rule.")]
Imported = Annotated[str, typer.Option("--imported", help="A catalogue that `shop import` read in, by its name.")]
Weights = Annotated[Path | None, typer.Option("--weights", help="The offline ranker's weights; else the shipped.")]


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    root.add_typer(app, name="eval")


@app.callback()
def _group() -> None:
    """Measure the buyer."""


@dataclass(frozen=True)
class _Run:
    """One call of the command."""

    face: Face
    settings: Settings
    plan: rooms.plan.Plan
    folder: Path
    workers: int
    fresh: bool
    baselines: bool
    as_json: bool

    def tell(self, korean: str, english: str) -> None:
        """Say something to the person who waits, unless a program reads."""
        if not self.as_json:
            errors.print(self.face.words(korean, english), markup=False)


@app.command(
    "webshop",
    epilog="Examples: stocksense eval webshop --n 200 --baselines; "
    "stocksense eval webshop --brain reflexion --trials 8 --split dev",
)
def webshop(  # noqa: PLR0913  # each is a choice of its own
    context: typer.Context,
    *,
    brain: BrainOption = "offline",
    suite: SuiteOption = "templated",
    n: NOption = 200,
    trials: TrialsOption = 0,
    split: SplitOption = "test",
    products: Products = None,
    attributes: Attributes = None,
    human: Human = None,
    nouns: Nouns = None,
    imported: Imported = "",
    profile: ProfileOption = "quick",
    mode: ModeOption = "parity",
    seed: SeedOption = 7,
    weights: Weights = None,
    evaluator: EvaluatorOption = "verifier",
    model: ModelOption = "",
    examples: ExamplesOption = 0,
    workers: WorkersOption = 0,
    baselines: BaselinesOption = False,
    fresh: FreshOption = False,
    out: OutOption = None,
    as_json: Json = False,
) -> None:
    """Measure the buyer on the simulated shop: score, success, intervals, by trial, and a page of every failure."""
    face = face_of(context)
    paths = {"products": products, "attributes": attributes, "human": human, "nouns": nouns, "weights": weights}
    plan = rooms.plan.Plan(
        brain=cast("rooms.plan.BrainName", brain),
        suite=suite,
        split=split,
        n=n,
        trials=rooms.shoppers.trials_of(brain, trials),
        profile=cast("rooms.plan.ProfileName", profile),
        mode=cast("Mode", mode),
        seed=seed,
        evaluator=cast("rooms.plan.EvaluatorName", evaluator),
        model=rooms.shoppers.named_model(face.settings, brain, model),
        examples=examples,
        imported=str((face.settings.home / "catalogues" / imported).absolute()) if imported else "",
        **{name: str(path.absolute()) if path else "" for name, path in paths.items()},
    )
    settings = face.settings.model_copy(update={"model": model} if model else {})
    folder = out or settings.home / "eval" / plan.name()
    _finish(_Run(face, settings, plan, folder, workers or os.cpu_count() or 1, fresh, baselines, as_json))


def _finish(run: _Run) -> None:
    """Measure to the end, or say what Ctrl-C leaves."""
    try:
        _measure(run)
    except KeyboardInterrupt:
        run.tell(
            f"멈췄습니다. 끝난 과제는 {run.folder}에 보관했으니 같은 명령으로 이어집니다.",
            f"Stopped. What was finished is kept in {run.folder}; the same command goes on.",
        )
        raise typer.Exit(INTERRUPTED) from None


def _measure(run: _Run) -> None:
    """Shop for what is missing, then show figures and write the page."""
    # Before any process is started, a file without weights is an error that can be read.
    rooms.shoppers.ranker_of(run.plan)
    catalog = run.plan.open_catalog()
    goals = run.plan.goals(catalog)
    with rooms.folder.open_results(run.folder, run.plan.identity(), fresh=run.fresh) as results:
        _tell_what_is_kept(run, results, goals)
        missed = _shop(run, results, goals)
        episodes = [results.kept[goal] for goal in goals if goal in results.kept]
        if not episodes:
            raise ModelUnavailable(f"no task was finished: {next(iter(missed.values()))}")
        beside = rooms.figures.measure_baselines(run.plan, catalog, goals) if run.baselines else ()
        found = rooms.figures.figures(run.plan, catalog, episodes, unfinished=len(missed), baselines=beside)
        page = rooms.page.write_report(
            rooms.page.Report(found, episodes, run.face.language, datetime.now(UTC)), run.folder
        )
    if run.as_json:
        print_json(found.as_dict() | {"report": page.absolute(), "unfinished_because": sorted({*missed.values()})})
    else:
        _show(run.face, found)
        console.print(f"{run.face.words('보고서', 'report')}: {page.absolute()}", soft_wrap=True, markup=False)
    if missed:
        _tell_what_is_missing(run, missed)
        raise typer.Exit(1)


def _shop(run: _Run, results: rooms.folder.Results, goals: range) -> dict[int, str]:
    """Shop for the goals without an episode; those that stay without one, and why."""
    opened = partial(rooms.shoppers.open_shopper, run.plan, run.settings)
    with _bar(run) as told:
        return rooms.side_by_side.evaluate(goals, results, opened, workers=run.workers, told=told)


@contextmanager
def _bar(run: _Run) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream for whoever watches a terminal, also while a program reads the result."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal, transient=True) as bars:
        task = bars.add_task(run.plan.shopper, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _tell_what_is_kept(run: _Run, results: rooms.folder.Results, goals: range) -> None:
    if results.dropped:
        run.tell("쓰다 만 마지막 줄을 버렸습니다.", "A half-written last episode was dropped.")
    kept = sum(goal in results.kept for goal in goals)
    if kept:
        run.tell(
            f"{run.folder}: {len(goals)}개 중 {kept}개는 이미 있어 이어서 합니다. 처음부터: --fresh",
            f"{run.folder}: {kept} of {len(goals)} episodes were kept; going on. To begin anew: --fresh",
        )


def _tell_what_is_missing(run: _Run, missed: dict[int, str]) -> None:
    for why in sorted({*missed.values()}):
        run.tell(
            f"{len(missed)}개 과제는 끝나지 않아 점수에 없습니다: {why}. 같은 명령으로 이어집니다.",
            f"{len(missed)} tasks have no result and are in no figure: {why}. The same command goes on.",
        )


def _show(face: Face, found: rooms.figures.Figures) -> None:
    """The table, the plot by trial and the costs."""
    words = face.words
    console.print(found.label(), style="dim", markup=False)
    shopper, interval = words("구매자", "shopper"), words("95 % 구간", "95 % interval")
    score, success = words("점수 ×100", "score ×100"), words("성공률 %", "success %")
    table = new_table("", shopper, score, interval, success, interval, right=(1, 2, 3, 4))
    for one in (found.final, *found.baselines):
        table.add_row(*_cells(one))
    console.print(table)
    if len(found.by_trial) > 1:
        for place, one in enumerate(found.by_trial, 1):
            filled = round(one.success / 100 * 40)
            bar = f"{'█' * filled}{'·' * (40 - filled)}"
            console.print(f"{words('시도', 'trial')} {place} {bar} {one.success:5.1f} %  {score} {one.mean:.1f}")
    tokens = "–" if found.tokens_mean is None else f"{found.tokens_mean:,.0f}"
    if found.tokens_estimated:
        tokens += words(" (어림)", " (estimated)")
    console.print(
        f"{words('과제당', 'per task')}: {words('행동', 'steps')} {found.steps_mean:.1f}, "
        f"{words('본 페이지', 'page views')} {found.page_views_mean:.1f}, {words('초', 'seconds')} "
        f"{found.seconds_mean:.3f}, {words('토큰', 'tokens')} {tokens}"
    )


def _cells(score: Score) -> tuple[str, str, str, str, str]:
    low, high = rooms.figures.score_interval(score)
    worst, best = score.success_interval
    return (
        score.shopper,
        f"{score.mean:.1f}",
        f"{low:.1f} – {high:.1f}",
        f"{score.success:.1f}",
        f"{worst:.1f} – {best:.1f}",
    )
