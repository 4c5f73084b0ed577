"""Episodes outlive whatever happens to the process, and never mix with those of other settings."""

import pytest

from graphs.evaluation.folder import open_results
from stocksense.errors import BadValue, IllegalStep

SETTINGS = {"seed": 7, "brain": "offline"}


def test_episodes_are_there_again_when_the_folder_is_opened_anew(tmp_path, episode):
    with open_results(tmp_path, SETTINGS) as results:
        results.add(episode(500, 0.5, 1.0))
        results.add(episode(501, 0.0))

    with open_results(tmp_path, SETTINGS) as results:
        assert sorted(results.kept) == [500, 501]
        assert results.kept[501] == episode(501, 0.0)


def test_a_half_written_line_is_cut_off_and_said(tmp_path, episode):
    with open_results(tmp_path, SETTINGS) as results:
        results.add(episode(500, 1.0))
    with (tmp_path / "episodes.jsonl").open("a") as file:
        file.write('{"goal": 501, "instr')

    with open_results(tmp_path, SETTINGS) as results:
        assert results.dropped
        results.add(episode(502, 1.0))
    with open_results(tmp_path, SETTINGS) as results:
        assert (sorted(results.kept), results.dropped) == ([500, 502], False)


def test_a_broken_line_in_the_middle_is_an_error_and_nothing_is_lost(tmp_path):
    (tmp_path / "episodes.jsonl").write_text("nonsense\n")

    with pytest.raises(BadValue, match=r"line 1 of .* is no episode"), open_results(tmp_path, SETTINGS):
        pass
    assert (tmp_path / "episodes.jsonl").read_text() == "nonsense\n"


def test_a_folder_of_other_settings_is_refused_and_the_difference_named(tmp_path):
    with open_results(tmp_path, SETTINGS):
        pass

    with pytest.raises(BadValue, match="seed 8 here, 7 there"), open_results(tmp_path, SETTINGS | {"seed": 8}):
        pass


def test_fresh_gives_up_what_was_kept(tmp_path, episode):
    with open_results(tmp_path, SETTINGS) as results:
        results.add(episode(500, 1.0))

    with open_results(tmp_path, SETTINGS | {"seed": 8}, fresh=True) as results:
        assert results.kept == {}


def test_two_processes_never_write_into_one_folder(tmp_path):
    with (
        open_results(tmp_path, SETTINGS),
        pytest.raises(IllegalStep, match="another process"),
        open_results(tmp_path, SETTINGS),
    ):
        pass


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path, fresh):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(BadValue, match=r"thesis\.txt"), open_results(tmp_path, SETTINGS, fresh=fresh):
        pass
