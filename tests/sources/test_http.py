"""What the guarded door to the web does when a source is slow, busy, endless, gone or somewhere else."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from stocksense.errors import BadValue, SourceUnreachable, SourceUnreadable
from stocksense.sources.answer import check_reached, read_document, shown
from stocksense.sources.http import HttpFetch, Patience


def test_a_question_carries_its_values_and_headers(source, fetch):
    source.answers('{"found": 1}')

    answer = fetch.get(f"{source.url}/list.json", {"day": "2026-07-23"}, {"AuthKey": "k"})

    assert answer.text == '{"found": 1}'
    assert (source.asked[0].values, source.asked[0].headers["authkey"]) == ({"day": "2026-07-23"}, "k")


def test_a_form_is_posted(source, fetch):
    fetch.post(f"{source.url}/ranks", {"cid": "50000006", "page": "1"})

    assert source.asked[0].method == "POST"
    assert source.asked[0].values == {"cid": "50000006", "page": "1"}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://source.test/x", "//source.test/x", "https:///x", "list"])
def test_only_the_web_is_asked(fetch, url):
    with pytest.raises(BadValue, match="http"):
        fetch.get(url)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_source_is_asked_again_after_growing_waits(source, fetch, waits, reply, status):
    source.answers(reply(status=status), reply(status=status), '{"found": 1}')

    assert fetch.get(f"{source.url}/list.json").status == 200
    assert waits == [0.5, 1.0]


def test_a_source_that_stays_busy_is_unreachable_not_empty(source, fetch, reply):
    source.answers(reply(status=503))

    with pytest.raises(SourceUnreachable, match=r"3 attempts.*status 503.*try again later"):
        fetch.get(f"{source.url}/list.json")
    assert len(source.asked) == 3


def test_a_source_is_left_alone_as_long_as_it_asks(source, fetch, waits, reply):
    source.answers(reply(status=429, headers={"Retry-After": "7"}), "{}")

    fetch.get(f"{source.url}/list.json")

    assert waits == [7.0]


def test_a_wait_may_be_given_as_a_date(source, fetch, waits, reply):
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    source.answers(reply(status=503, headers={"Retry-After": then}), "{}")

    fetch.get(f"{source.url}/list.json")

    assert waits == [pytest.approx(19.5, abs=1.5)]


def test_nobody_waits_an_hour(source, fetch, waits, reply):
    source.answers(reply(status=429, headers={"Retry-After": "3600"}))

    with pytest.raises(SourceUnreachable, match="3600 seconds"):
        fetch.get(f"{source.url}/list.json")
    assert waits == []


def test_a_refusal_comes_back_as_an_answer(source, fetch, reply):
    source.answers(reply(status=403, body="<html>no</html>"))

    answer = fetch.get(f"{source.url}/list.json")

    with pytest.raises(SourceUnreachable, match=r"Naver refused .*/list.json with status 403; wait an hour"):
        check_reached(answer, "Naver", "wait an hour")


def test_a_closed_door_names_the_address_without_its_secrets(fetch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(SourceUnreachable) as caught:
            fetch.get(f"http://me:secret@127.0.0.1:{port}/list.json?key=secret", {"AuthKey": "secret"})

    assert f"http://127.0.0.1:{port}/list.json gave no answer" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_source_that_says_nothing_is_given_up(make_fetch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()

        with pytest.raises(SourceUnreachable, match="did not answer in time"):
            make_fetch(timeout=0.1, retries=1).get(f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_a_source_that_drips_is_given_up(source, make_fetch):
    source.answers("x" * 100)

    with pytest.raises(SourceUnreachable, match="did not answer in time"):
        make_fetch(longest_answer=0.0, retries=0).get(f"{source.url}/list.json")


def test_an_endless_answer_is_cut_off(source, make_fetch):
    source.answers("x" * 2000)

    with pytest.raises(SourceUnreachable, match="more than 1,000 bytes"):
        make_fetch(most_bytes=1000).get(f"{source.url}/list.json")


def test_a_redirect_within_the_source_is_followed(source, fetch, reply):
    source.answers(reply(status=302, headers={"Location": "/new/list.json"}), '{"found": 1}')

    assert fetch.get(f"{source.url}/list.json", None, {"AuthKey": "k"}).text == '{"found": 1}'
    assert (source.asked[1].path, source.asked[1].headers["authkey"]) == ("/new/list.json", "k")


def test_a_redirect_does_not_carry_our_key_to_another_site(source, fetch, reply):
    source.answers(reply(status=302, headers={"Location": "http://elsewhere.test/list.json"}))

    with pytest.raises(SourceUnreachable, match="another site"):
        fetch.get(f"{source.url}/list.json", None, {"AuthKey": "k"})
    assert len(source.asked) == 1


def test_redirects_in_circles_end(source, fetch, reply):
    source.answers(reply(status=302, headers={"Location": "/list.json"}))

    with pytest.raises(SourceUnreachable, match="in circles"):
        fetch.get(f"{source.url}/list.json")


def test_two_questions_to_one_host_keep_a_distance(source, make_fetch, waits):
    polite = make_fetch(pause=5.0)

    polite.get(f"{source.url}/1")
    polite.get(f"{source.url}/2")

    assert waits == [pytest.approx(5.0, abs=0.5)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("리콜".encode("cp949"), "text/plain; charset=euc-kr"),
        ("\ufeff리콜".encode(), "text/plain"),
        ("리콜".encode(), "text/plain; charset=klingon"),
    ],
)
def test_korean_is_read_in_the_encoding_that_the_answer_names(source, fetch, reply, body, kind):
    source.answers(reply(body=body, headers={"Content-Type": kind}))

    assert fetch.get(f"{source.url}/list.txt").text == "리콜"


@pytest.mark.parametrize("text", ["<html>blocked</html>", "", "busy", "[" * 100_000, '{"n": ' + "9" * 9000 + "}", "[]"])
def test_what_is_no_json_object_is_unreadable(answer, text):
    with pytest.raises(SourceUnreadable, match="Naver answered"):
        read_document(answer(text), "Naver")


def test_an_address_is_shown_without_what_is_secret():
    assert shown("https://user:pw@source.test:8443/a/b?key=1#x") == "https://source.test:8443/a/b"


def test_the_default_patience_lets_the_largest_known_list_through():
    assert Patience().most_bytes > 33_000_000
    HttpFetch().close()
