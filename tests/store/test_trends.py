"""Rank lists are kept by window, and the newest is held against the one before it."""

from __future__ import annotations

from datetime import date, timedelta

from stocksense.domain.trend import KeywordRank
from stocksense.store.trends import newest_windows, ranks_between, save_ranks

SUNDAY = date(2026, 3, 8)


def week(last=SUNDAY, *words, source="datalab", category="식품", days=7):
    first = last - timedelta(days=days - 1)
    return [KeywordRank(source, category, word, rank, first, last) for rank, word in enumerate(words, 1)]


def save(sessions, now, *ranks):
    with sessions.begin() as session:
        return [save_ranks(session, rows, now) for rows in ranks]


def test_ranks_come_back_by_window_and_rank(sessions, now):
    save(sessions, now, week(SUNDAY, "김", "두부"), week(SUNDAY - timedelta(7), "차"))

    with sessions() as session:
        assert ranks_between(session, SUNDAY - timedelta(6), SUNDAY) == tuple(week(SUNDAY, "김", "두부"))
        assert len(ranks_between(session, date(2026, 1, 1), SUNDAY)) == 3


def test_a_word_gets_the_rank_that_it_has_now(sessions, now):
    save(sessions, now, week(SUNDAY, "김", "두부"), week(SUNDAY, "두부", "김"))

    with sessions() as session:
        assert [row.keyword for row in newest_windows(session).now] == ["두부", "김"]


def test_the_newest_window_is_held_against_the_one_that_ended_before_it_began(sessions, now):
    overlapping, before = SUNDAY - timedelta(1), SUNDAY - timedelta(7)
    save(
        sessions, now, week(SUNDAY, "김"), week(overlapping, "차"), week(before, "두부"), week(before, "국수", days=30)
    )

    with sessions() as session:
        windows = newest_windows(session)
    assert [row.keyword for row in windows.now] == ["김"]
    assert [row.keyword for row in windows.before] == ["두부"]


def test_every_list_has_its_own_newest_window(sessions, now):
    save(sessions, now, week(SUNDAY, "김"), week(SUNDAY - timedelta(7), "슬리퍼", category="패션잡화"))
    save(sessions, now, week(SUNDAY, "tea", source="search"))

    with sessions() as session:
        windows = newest_windows(session)
        assert [row.keyword for row in newest_windows(session, source="search").now] == ["tea"]
    assert {row.keyword for row in windows.now} == {"김", "슬리퍼", "tea"}
    assert windows.before == ()


def test_before_anything_was_fetched_there_are_no_windows(sessions):
    with sessions() as session:
        assert newest_windows(session).now == ()
