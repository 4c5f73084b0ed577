"""What a purchase is worth, and where fixed mode differs from parity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webshop_env.catalog import Catalog
from webshop_env.goals import Goal
from webshop_env.pages import option_labels
from webshop_env.product import Product
from webshop_env.reward import Reward, alike, fit, option_hit, score, title_score

WORDS = st.text("abcdefghij -/", min_size=1, max_size=12)
NAMES = st.sampled_from(["color", "size", "style"])
OPTIONS = st.dictionaries(
    NAMES, st.sampled_from(["red", "dark red", "x-large", "large", "rectangular", "no_4", "9\xa0cm"])
)


def product(**fields) -> Product:
    plain = {"title": "Wool Rug", "description": "", "bullets": (), "category": "garden", "query": "rugs"}
    plain |= {"product_category": "Home › Rugs", "prices": (10.0,), "options": {}, "attributes": ("hand made",)}
    return Product(asin="RUG0000001", **(plain | fields))


def goal(options=None, *, attributes=("hand made",), cap=20.0) -> Goal:
    wanted = tuple((options or {}).items())
    return Goal("RUG0000001", "", tuple(attributes), wanted, cap, query="rugs", product_category="Home › Rugs")


def bought(wanted: Goal, chosen: dict[str, str], mode="parity", **fields) -> Reward:
    return score(wanted, fit(wanted, product(**fields), (("rug",), ("rug",))), chosen, price=10.0, mode=mode)


def both(options: dict[str, str], chosen: dict[str, str]) -> tuple[float | None, float | None]:
    """The share of options hit in parity and in fixed mode."""
    return bought(goal(options), chosen).r_option, bought(goal(options), chosen, mode="fixed").r_option


def test_a_colour_inside_another_word_hides_the_right_value_in_parity_only():
    assert both({"shape": "rectangular"}, {"shape": "rectangular"}) == (0.0, 1.0)


def test_a_colour_with_a_number_hides_the_right_value_in_parity_only():
    assert both({"color": "black1901"}, {"color": "black1901"}) == (0.0, 1.0)


def test_a_non_breaking_space_hides_the_right_value_in_parity_only():
    assert both({"size": "65x43\xa0cm"}, {"size": "65x43\xa0cm"}) == (0.0, 1.0)


def test_a_value_whose_words_are_all_in_the_wanted_one_counts_in_both_modes():
    assert both({"size": "x-large"}, {"size": "large"}) == (1.0, 1.0)


def test_another_group_s_value_is_no_exact_hit():
    assert both({"shape": "rectangular"}, {"style": "rectangular"}) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("shown", "mode"), [(["10", "12", "10"], "parity"), (["size: 10", "12", "width: 10"], "fixed")]
)
def test_two_groups_with_one_value_can_be_told_apart_in_fixed_mode(catalog, shown, mode):
    assert [label for label, _ in option_labels(catalog.product("CUP0000002"), mode)] == shown


def chosen_by(env, *clicks: str) -> dict[str, str]:
    env.reset(options={"goal": 0})
    for name in clicks:
        env.step(name)
    return env.session.options


def test_in_parity_only_the_last_of_two_groups_can_be_chosen(parity, fixed):
    to_cup = ("search[glass]", "click[cup0000002]")

    assert chosen_by(parity, *to_cup, "click[10]") == {"width": "10"}
    assert chosen_by(fixed, *to_cup, "click[size: 10]") == {"size": "10"}


def test_an_option_with_a_bracket_can_be_clicked_in_fixed_mode_only(parity, fixed):
    actions = ("search[steel mug]", "click[cup0000003]", "click[plain [lid]]")

    assert chosen_by(parity, *actions) == {}
    assert chosen_by(fixed, *actions) == {"style": "plain [lid]"}


def test_an_option_called_like_a_button_can_be_told_from_it_in_fixed_mode(fixed):
    assert chosen_by(fixed, "search[steel mug]", "click[cup0000003]", "click[style: buy now]") == {"style": "buy now"}


def test_a_price_above_the_cap_costs_its_share():
    within, above = bought(goal(cap=10.0), {}), bought(goal(cap=9.99), {})

    assert (within.total, above.total) == (1.0, 0.5)


def test_an_attribute_may_stand_in_any_text_of_the_product():
    for fields in ({"title": "Soft Rug"}, {"description": "so Soft"}, {"bullets": ("very", "soft")}):
        assert bought(goal(attributes=("soft",)), {}, **fields).r_att == 1.0
    assert bought(goal(attributes=("soft",)), {}).r_att == 0.0


@pytest.mark.parametrize(
    ("nouns", "query", "factor"),
    [(("rug",), "rugs", 1.0), (("mat",), "rugs", 0.0), (("rug",), "mats", 1.0), ((), "rugs", 0.0)],
)
def test_the_kind_of_product_decides_a_factor(nouns, query, factor):
    assert fit(goal(), product(query=query), (nouns, ("rug", "rug", "wool", "home"))).r_type == factor


def test_repeated_nouns_lower_the_title_score():
    assert title_score(("rug", "wool"), ("rug", "rug", "wool", "rug")) == 0.5
    assert title_score(("rug",), ()) == 0.2


def test_only_ascii_is_compared():
    assert not alike("녹차", "녹차")
    assert alike("hand-made", "Hand Made")


@given(OPTIONS, OPTIONS)
def test_a_reward_lies_between_zero_and_one_and_fixed_is_never_below_parity(wanted, chosen):
    parity, fixed = bought(goal(wanted), chosen), bought(goal(wanted), chosen, mode="fixed")

    assert 0.0 <= parity.total <= fixed.total <= 1.0


@given(OPTIONS)
def test_choosing_exactly_what_was_wanted_has_full_marks_in_fixed_mode(wanted):
    assert bought(goal(wanted), wanted, mode="fixed").total == 1.0


@given(OPTIONS.filter(bool), st.data())
def test_one_more_wanted_option_never_lowers_the_reward(wanted, data):
    some = dict(data.draw(st.permutations(list(wanted.items())))[: len(wanted) - 1])

    assert bought(goal(wanted), wanted, mode="fixed").total >= bought(goal(wanted), some, mode="fixed").total


@given(WORDS, WORDS)
def test_the_mode_only_adds_hits(value, picked):
    chosen = (("size", picked),)

    assert option_hit("size", value, chosen, "fixed") >= option_hit("size", value, chosen, "parity")


def test_parts_are_named_as_in_the_reference(catalog: Catalog):
    parts = catalog.score(catalog.goal("templated", 0), "CUP0000001", {}).parts()

    assert list(parts)[:6] == ["r_type", "r_att", "w_att", "query_match", "category_match", "title_score"]
    assert {*Reward._fields} - {"total"} >= set(parts)
