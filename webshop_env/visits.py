"""The visits which a server keeps: so many at most, and none longer than it is used."""

import time
from collections import OrderedDict
from collections.abc import Callable

from webshop_env.session import Session

MOST_VISITS = 10_000
IDLE_SECONDS = 3600.0


class Visits:
    """Visits by their id, the least recently used first. When one too many is opened, the first is dropped."""

    def __init__(
        self,
        *,
        most: int = MOST_VISITS,
        idle_seconds: float = IDLE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Session]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, session: Session) -> None:
        """Remember a visit, as just used."""
        self._drop_expired()
        self._kept[session.sid] = (self._clock(), session)
        self._kept.move_to_end(session.sid)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def find(self, sid: str) -> Session | None:
        """The visit with an id, now used again; None if there is none, or it was left alone too long."""
        self._drop_expired()
        entry = self._kept.get(sid)
        if entry is None:
            return None
        self._kept[sid] = (self._clock(), entry[1])
        self._kept.move_to_end(sid)
        return entry[1]

    def _drop_expired(self) -> None:
        oldest_kept = self._clock() - self._idle_seconds
        while self._kept and next(iter(self._kept.values()))[0] < oldest_kept:
            self._kept.popitem(last=False)
