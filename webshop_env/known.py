"""Answers that are kept by their question: quicker than an LRU cache, which moves every answer that it gives."""

from collections.abc import Callable, Hashable
from typing import TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


class Known(dict[Question, Answer]):
    """`known[question]` is the answer, worked out when it is first asked for; at `most` answers all are forgotten."""

    def __init__(self, answer: Callable[[Question], Answer], *, most: int) -> None:
        super().__init__()
        self._answer = answer
        self._most = most

    def __missing__(self, question: Question) -> Answer:
        if len(self) >= self._most:
            self.clear()
        self[question] = answer = self._answer(question)
        return answer
