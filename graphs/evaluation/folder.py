"""The folder of one evaluation: settings, a lock, and one durable line for each finished episode."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from graphs.evaluation.episodes import Episode, from_line, to_line
from graphs.evaluation.plan import differences
from stocksense.errors import BadValue, IllegalStep

SETTINGS, EPISODES, LOCK, REPORT = "settings.json", "episodes.jsonl", "lock", "report.html"


@dataclass
class Results:
    """The episodes that are kept, by goal, and where to add one. `dropped` says that a half-written line was cut off.

    Only the process that holds the folder's lock has one.
    """

    path: Path
    kept: dict[int, Episode]
    dropped: bool
    _file: IO[str] = field(repr=False)

    def add(self, episode: Episode) -> None:
        """Keep an episode: when this returns it outlives the process and the machine's power."""
        self._file.write(to_line(episode))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.kept[episode.goal] = episode


@contextmanager
def open_results(path: Path, identity: Mapping[str, Any], *, fresh: bool = False) -> Iterator[Results]:
    """Open or make a folder for an evaluation; with `fresh`, episodes that are there are given up.

    Raises IllegalStep if another process works in the folder, and BadValue if it was made with other settings or
    holds something else.
    """
    path.mkdir(parents=True, exist_ok=True)
    _refuse_foreign(path)
    with (path / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IllegalStep(
                f"another process is evaluating in {path}; wait for it, or name another folder with --out"
            ) from error
        if fresh:
            (path / EPISODES).unlink(missing_ok=True)
            (path / SETTINGS).unlink(missing_ok=True)
        _hold_settings(path, identity)
        kept, dropped = _read(path / EPISODES)
        with (path / EPISODES).open("a", encoding="utf-8") as file:
            yield Results(path, kept, dropped, file)


def _refuse_foreign(path: Path) -> None:
    """Keep away from a folder that is not empty and that no evaluation made."""
    ours = {SETTINGS, f"{SETTINGS}.new", EPISODES, LOCK, REPORT, f"{REPORT}.new"}
    strange = sorted(entry.name for entry in path.iterdir() if entry.name not in ours)
    if strange:
        raise BadValue(f"{path} holds {strange[0]!r}, which no evaluation wrote; name an empty folder with --out")


def _hold_settings(path: Path, identity: Mapping[str, Any]) -> None:
    """Write the settings, or hold them against those that the folder was made with."""
    file = path / SETTINGS
    if file.exists():
        apart = differences(identity, json.loads(file.read_text(encoding="utf-8")))
        if apart:
            raise BadValue(
                f"{path} was made with other settings ({'; '.join(apart)}); use the same, name another folder with "
                f"--out, or give its episodes up with --fresh"
            )
        return
    write_whole(file, json.dumps(identity, indent=2, ensure_ascii=False))


def _read(path: Path) -> tuple[dict[int, Episode], bool]:
    """The episodes in a file, and whether its end was a half-written line, which is cut off."""
    if not path.exists():
        return {}, False
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        os.truncate(path, len(whole))
    kept = {}
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            episode = from_line(line.decode())
        except (ValueError, KeyError, TypeError) as error:
            raise BadValue(
                f"line {number} of {path} is no episode ({type(error).__name__}); delete the line, or use --fresh"
            ) from error
        kept[episode.goal] = episode
    return kept, len(whole) < len(data)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
