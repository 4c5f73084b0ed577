"""What an import did, in numbers and in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from stocksense.domain.stock import Shortfall
from stocksense.store.imports.outcome import Skip
from stocksense.store.imports.plan import ImportPlan
from stocksense.store.imports.problems import Language, Problem

_KINDS = {
    "ko": {"products": "상품", "stock": "재고", "sales": "판매"},
    "en": {"products": "products", "stock": "stock", "sales": "sales"},
}
_SKIPS = {
    "ko": {
        Skip.SAME: "이미 있는 행",
        Skip.TWIN: "파일 안에서 되풀이된 행",
        Skip.EXTRA: "덧붙인 행",
        Skip.CANCELLED: "취소된 주문",
        Skip.UNPAID: "결제 전 주문",
    },
    "en": {
        Skip.SAME: "already here",
        Skip.TWIN: "repeated within the file",
        Skip.EXTRA: "without content of their own",
        Skip.CANCELLED: "cancelled",
        Skip.UNPAID: "not paid yet",
    },
}

_HISTORY = {
    "ko": "재고를 세기 전의 판매라 재고는 그대로",
    "en": "from before the stock was counted and taken off no shelf",
}


@dataclass(frozen=True)
class ImportReport:
    """What came of running a plan. `problems` are the plan's and those met while writing."""

    plan: ImportPlan
    written: bool
    created: int
    updated: int
    problems: tuple[Problem, ...]
    shortfalls: tuple[Shortfall, ...] = ()
    history: int = 0
    """Lines of sales from before the stock was last counted: recorded, but taken off no shelf."""

    @property
    def refused_rows(self) -> int:
        """How many rows have something wrong that kept them out."""
        return len({problem.row for problem in self.problems if not problem.is_warning})

    def summary(self, language: Language) -> str:
        """One line: file, format, and how many rows became what."""
        return summary(self.plan, self, language)


def summary(plan: ImportPlan, report: ImportReport | None, language: Language) -> str:
    """One line about a plan, or about what came of it."""
    problems = report.problems if report else plan.problems
    refused = len({problem.row for problem in problems if not problem.is_warning})
    created, updated = (report.created, report.updated) if report else (len(plan.create), len(plan.update))
    kind = _KINDS[language][plan.kind.value]
    skips = [f"{_SKIPS[language][skip]} {count:,}" for skip, count in plan.skipped.items()]
    if report and report.history:
        before = {
            "ko": "재고를 센 날보다 앞선 판매(재고 변동 없음)",
            "en": "sold before the stock was counted, stock untouched",
        }
        skips.append(f"{before[language]} {report.history:,}")
    if language == "ko":
        head = f"{plan.file} ({plan.format}, {kind}): {plan.rows:,}행 중 새로 {created:,}, 고침 {updated:,}"
        parts = [head, *skips, f"문제 {refused:,}행"]
        parts += ["아무것도 저장하지 않음"] if report and not report.written else []
        return ", ".join(parts)
    head = f"{plan.file} ({plan.format}, {kind}): of {plan.rows:,} rows {created:,} new, {updated:,} changed"
    parts = [head, *skips, f"{refused:,} rows with errors"]
    parts += ["nothing was kept"] if report and not report.written else []
    return ", ".join(parts)
