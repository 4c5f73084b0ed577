"""Finding products: words, stems, ranks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webshop_env.analyzer import terms, words
from webshop_env.porter import stem
from webshop_env.search import Search, build_postings, length_norms, rounded_length


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Color:Black, 3.5 inch", ["Color:Black", "3.5", "inch"]),
        ("it's 1,299.00-ish a/b", ["it's", "1,299.00", "ish", "a", "b"]),
        ("snake_case __ _x", ["snake_case", "_x"]),
        ("best★tea™ 녹차100g 抹茶", ["best", "★", "tea", "™", "녹차100g", "抹", "茶"]),
        ("カタカナ x² ½ ①", ["カタカナ", "x"]),
        ("👩‍👧 ❤️", ["👩‍👧", "❤️"]),
        ("café’s naïve", ["café’s", "naïve"]),
    ],
)
def test_words_are_cut_as_in_unicode_s_annex(text, found):
    assert words(text) == found


def test_possessives_and_stop_words_are_dropped_and_words_stemmed():
    assert terms("The women's running shoes, and a men’s hat") == ["women", "run", "shoe", "men", "hat"]


def test_overlong_words_are_cut():
    assert [len(word) for word in words("x" * 600)] == [255, 255, 90]


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("caresses", "caress"), ("ponies", "poni"), ("agreed", "agre"), ("hopping", "hop"), ("falling", "fall"),
        ("filing", "file"), ("happy", "happi"), ("sky", "sky"), ("relational", "relat"), ("possibly", "possibl"),
        ("apology", "apolog"), ("triplicate", "triplic"), ("adoption", "adopt"), ("probate", "probat"),
        ("controlling", "control"), ("is", "is"), ("yes", "ye"), ("black1901", "black1901"),
    ],
)  # fmt: skip
def test_words_are_stemmed_as_porter_does(word, stemmed):
    assert stem(word) == stemmed


@pytest.mark.parametrize(("length", "kept"), [(5, 5), (39, 39), (40, 40), (41, 40), (100, 96), (1000, 984)])
def test_lengths_are_kept_in_one_byte(length, kept):
    assert rounded_length(length) == kept


@given(st.lists(st.text("abc ", max_size=20), min_size=1, max_size=12), st.text("abc ", max_size=10))
def test_ranks_follow_the_formula_with_ties_by_asin(texts, query):
    shelf = {f"P{number:02}": text for number, text in enumerate(texts)}
    lengths = [len(terms(text)) for text in texts]
    norms = length_norms(lengths, sum(lengths) / len(lengths)) if sum(lengths) else np.zeros(len(texts))

    def gain(place: int, term: str) -> float:
        count = sum(term in terms(text) for text in texts)
        weight = np.float32(terms(query).count(term)) * np.float32(
            math.log(1 + (len(texts) - count + 0.5) / (count + 0.5))
        )
        return float(weight - weight / (np.float32(1) + np.float32(terms(texts[place]).count(term)) * norms[place]))

    scores = [np.float32(sum(gain(place, term) for term in set(terms(query)))) for place in range(len(texts))]
    expected = sorted((place for place, score in enumerate(scores) if score > 0), key=lambda i: (-scores[i], i))

    assert list(Search(build_postings(shelf)).find(query)) == [f"P{place:02}" for place in expected]


def test_at_most_fifty_are_found():
    assert len(Search(build_postings({f"{n:04}": "tea" for n in range(80)})).find("tea")) == 50


def test_nothing_is_found_for_stop_words_or_in_an_empty_shop():
    assert Search(build_postings({"A": "the tea"})).find("the of")[:] == ()
    assert Search(build_postings({})).find("tea")[:] == ()
