"""Which keywords rise, and which of them touch the shelves."""

from datetime import date

import pytest

from stocksense.domain.trend import KeywordRank, candidates, rises, touches

LAST, NOW = (date(2026, 10, 17), date(2026, 10, 23)), (date(2026, 10, 24), date(2026, 10, 30))


def ranks(window, *keywords):
    return [KeywordRank("datalab", "식품", word, at, *window) for at, word in enumerate(keywords, 1)]


def test_a_keyword_that_climbed_is_a_rise():
    (rise,) = rises(ranks(NOW, "d", "a", "b", "c"), ranks(LAST, "a", "b", "c", "d"))

    assert (rise.keyword, rise.rank, rise.before, rise.climbed) == ("d", 1, 4, 3)


def test_a_new_keyword_climbed_from_below_the_list():
    (rise,) = rises(ranks(NOW, "new", "a", "b"), ranks(LAST, "a", "b", "c"))

    assert (rise.before, rise.climbed) == (None, 3)


def test_standing_still_is_no_rise():
    assert rises(ranks(NOW, "a", "b"), ranks(LAST, "a", "b")) == ()


@pytest.mark.parametrize(
    ("keyword", "text", "touched"),
    [
        ("제로 콜라", "한빛 제로콜라 355ml", True),
        ("콜라 박스", "한빛 제로콜라 355ml", False),
        ("a", "apple", False),
        ("Zero", "ZERO cola", True),
    ],
)
def test_all_words_of_a_keyword_must_occur(keyword, text, touched):
    assert touches(keyword, [text]) is touched


def test_a_rising_keyword_is_held_against_the_shelves():
    rising = rises(ranks(NOW, "제로콜라", "두바이초콜릿"), ranks(LAST, "a", "b"), at_least=1)

    known, unknown = candidates(rising, {"COLA": ["한빛 제로콜라 355ml"], "TEA": ["녹차"]})

    assert (known.skus, unknown.skus) == (("COLA",), ())
