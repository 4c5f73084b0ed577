"""What the buyer searches for: all that was said, and the values of options again and again."""

from __future__ import annotations

from agents.shopper.lookout import STRESS, further, surveys
from agents.shopper.request import parse_request

TEE = parse_request("Find me slim fit, men's tees with long sleeve with color: navy, and size: large")


def test_the_values_of_options_are_stressed():
    assert [query.split().count("navy") for query in surveys(TEE)] == [*STRESS]


def test_one_search_leaves_the_wishes_out_and_one_has_them_all():
    kind, whole = surveys(TEE)

    assert kind.split()[:4] == ["men's", "tees", "color", "size"]
    assert {"slim", "fit", "long", "sleeve", "men's", "tees"} < {*whole.split()}


def test_free_words_are_searched_for_as_they_are():
    assert surveys(parse_request("a soft rug, please")) == ("soft rug",)


def test_free_words_are_also_searched_for_by_wishes_and_kind_alone():
    assert surveys(parse_request("a soft rug for the bedroom, please")) == ("bedroom soft rug", "bedroom", "soft rug")


def test_further_searches_leave_wishes_out_and_name_the_options_once():
    found = further(TEE)

    assert all(query.endswith("navy large") for query in found)
    assert found[0] == "slim fit long sleeve navy large"
    assert len(found) == len({*found} - {*surveys(TEE)})


def test_no_query_holds_what_would_end_an_action():
    asked = parse_request("Find me tees with color: [a] navy")

    assert not any({"[", "]"} & {*query} for query in surveys(asked))
