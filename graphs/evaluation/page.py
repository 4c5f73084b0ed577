"""The report: one HTML file that needs nothing else, with every failed episode to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from graphs.evaluation import drawing
from graphs.evaluation.episodes import Episode
from graphs.evaluation.figures import Figures, score_interval
from graphs.evaluation.folder import REPORT, write_whole
from graphs.evaluation.peers import PUBLISHED
from stocksense.domain.reasons import Language

_PAGES = Environment(
    loader=PackageLoader("graphs", "evaluation"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("구매 평가", "Evaluation of the buyer"),
    "made": ("만든 시각", "made"),
    "shopper": ("구매자", "shopper"),
    "score": ("점수 (×100)", "score (×100)"),
    "success": ("성공률 %", "success %"),
    "interval": ("95 % 구간", "95 % interval"),
    "n": ("과제 수", "tasks"),
    "baselines": (
        "기준선: 답을 아는 것도 있으며, 같은 과제에서 잼",
        "Baselines, some of which know the answer; same tasks",
    ),
    "per_task": ("과제당", "per task"),
    "steps": ("행동", "steps"),
    "pages": ("본 페이지", "page views"),
    "seconds": ("초", "seconds"),
    "tokens": ("토큰", "tokens"),
    "estimated": ("어림", "estimated"),
    "by_trial": ("시도별 성공률과 점수", "Success and score by trial"),
    "trial": ("시도", "trial"),
    "rewards": ("보상 분포", "Rewards"),
    "failed": ("실패한 과제", "Failed tasks"),
    "filter": ("글자로 찾기", "filter by text"),
    "none": ("실패한 과제가 없습니다.", "No task failed."),
    "wanted": ("뜻한 상품 (구매자는 모름)", "meant (the buyer is not told)"),
    "bought": ("산 상품", "bought"),
    "nothing": ("아무것도 사지 않음", "nothing"),
    "parts": ("보상의 구성", "parts of the reward"),
    "verdict": ("검증", "verdict"),
    "lesson": ("배운 점", "lesson"),
    "thought": ("생각", "thought"),
    "action": ("행동", "action"),
    "seen": ("본 것", "observation"),
    "refused": ("거부", "refused"),
    "stands": ("이 구매가 남음", "this purchase stands"),
    "unfinished": (
        "모델이 응답하지 않아 끝나지 않은 과제. 점수에 들어가지 않음",
        "tasks without a result, because the model did not answer; they are in no figure",
    ),
    "published": (
        "다른 이들이 발표한 수치: 상품 집합과 과제가 달라 위 수치와 나란히 비교할 수 없음",
        "Published by others, on other product sets and suites: not to be compared with the figures above",
    ),
    "products": ("상품 집합", "product set"),
    "suite": ("과제 집합", "suite"),
    "source": ("출처", "source"),
}


@dataclass(frozen=True)
class Report:
    """What the page shows: the result, and the episodes that it was reckoned from."""

    figures: Figures
    episodes: Sequence[Episode]
    language: Language
    made_at: datetime

    def word(self, name: str) -> str:
        """One of the page's words in its language."""
        return _WORDS[name][0 if self.language == "ko" else 1]

    @property
    def failed(self) -> list[Episode]:
        """The episodes without full marks, the worst first."""
        return sorted((one for one in self.episodes if one.failed), key=lambda one: (one.reward, one.goal))


def write_report(report: Report, folder: Path) -> Path:
    """Write the page into a folder and return its path."""
    path = folder / REPORT
    write_whole(path, render(report))
    return path


def render(report: Report) -> str:
    """The page as HTML. Whatever comes from a shop's pages or from a model is escaped."""
    shown: dict[str, Any] = {
        "report": report,
        "figures": report.figures,
        "word": report.word,
        "interval": score_interval,
        "by_trial": drawing.by_trial(report.figures.by_trial),
        "histogram": drawing.histogram(report.figures.final.rewards),
        "published": PUBLISHED,
    }
    return _PAGES.get_template("page.html").render(shown)
