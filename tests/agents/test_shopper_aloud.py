"""The buyer without a language model tells what it thinks in the reader's language, whichever that is."""

from __future__ import annotations

import re
from decimal import Decimal
from string import Formatter

import pytest

from agents.shopper import aloud
from agents.shopper.lessons import Insight, lesson_in
from agents.shopper.verdict import Fault, Finding, Offered, Verdict
from stocksense.domain.reasons import Language

HANGUL = re.compile("[가-힣]")


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("name", sorted(aloud._PHRASES))
def test_every_phrase_tells_the_same_in_both_languages(name: str):
    english, korean = aloud._PHRASES[name]

    assert slots(english) == slots(korean)
    assert HANGUL.search(korean) or slots(korean) == {"title", "why"}
    assert not HANGUL.search(english)


def test_what_stands_in_a_phrase_speaks_its_language():
    dear = Verdict((Finding(Fault.PRICE, "3", "4.5", currency="USD"),))
    price = aloud.price_of(Offered("T-1", "Mug", highest=Decimal("4.5")), "USD")

    said = aloud.thought("buy the best", "click[buy now]", title="Mug", price=price, verdict=dear)

    assert said.thought == "'Mug' at $4.50 is the best of all: it costs $4.50, above the cap of $3.00. I buy it."
    assert said.korean == "'Mug', $4.50: 본 것 가운데 가장 낫습니다($4.50으로 상한 $3.00보다 비쌈). 삽니다."


@pytest.mark.parametrize(("language", "has_hangul"), [("en", False), ("ko", True)])
@pytest.mark.parametrize("insight", list(Insight))
def test_lessons_are_told_in_both_languages(insight: Insight, language: Language, has_hangul: bool):
    assert bool(HANGUL.search(lesson_in(language, insight))) is has_hangul


def test_a_lesson_that_a_model_wrote_stays_in_its_own_words():
    assert lesson_in("ko", "Look at the second page first.") == "Look at the second page first."
