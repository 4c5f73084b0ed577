"""The category tree: main > sub1 > sub2 > sub3, in Korean and English."""

from __future__ import annotations

from dataclasses import dataclass

from stocksense.errors import BadValue

SEPARATOR = " > "


@dataclass(frozen=True, order=True)
class CategoryPath:
    """The way down the tree; lower levels may be empty, but not above a filled one."""

    main: str
    sub1: str = ""
    sub2: str = ""
    sub3: str = ""

    def __post_init__(self) -> None:
        filled = [bool(level) for level in self.levels]
        if filled != sorted(filled, reverse=True):
            raise BadValue(f"the category {self.levels} has a gap; fill the levels from the top")

    @property
    def levels(self) -> tuple[str, str, str, str]:
        """The four names, empty ones included."""
        return (self.main, self.sub1, self.sub2, self.sub3)

    @property
    def way_down(self) -> tuple[CategoryPath, ...]:
        """The categories above it from the top on, and itself."""
        depth = sum(1 for level in self.levels if level)
        return tuple(CategoryPath(*self.levels[:number]) for number in range(1, depth + 1))

    @property
    def leaf(self) -> str:
        """The lowest name that is filled."""
        return next((level for level in reversed(self.levels) if level), "")

    def __str__(self) -> str:
        return SEPARATOR.join(level for level in self.levels if level)


def parse_category(text: str) -> CategoryPath:
    """Read `a > b > c`; levels below the fourth are folded into the fourth.

    Raises BadValue for a path without a name.
    """
    names = [name.strip() for name in text.replace("›", ">").split(">")]
    if not any(names):
        raise BadValue(f"{text!r} is no category; write it as 'main > sub1 > sub2 > sub3'")
    main, sub1, sub2, *rest = [*names, "", ""][: max(len(names), 3)]
    return CategoryPath(main, sub1, sub2, SEPARATOR.join(rest))
