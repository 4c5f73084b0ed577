"""Reading side by side: a database server answers a second connection while the first one's answer is worked on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

Answer = TypeVar("Answer")

_READERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="aside")


def aside(session: Session, read: Callable[[Session], Answer]) -> Callable[[], Answer]:
    """Begin to read on a connection of its own, and return what waits for the answer, or raises what went wrong.

    A session that writes must see what it wrote, and without a server there is nothing to wait for: then the answer
    is read with the session itself, once it is asked for.
    """
    bind = session.get_bind()
    is_server = isinstance(bind, Engine) and bind.dialect.name == "postgresql"
    if not is_server or bind.get_execution_options().get("writes"):
        return partial(read, session)
    return _READERS.submit(_by_itself, bind, read).result


def _by_itself(bind: Engine | Connection, read: Callable[[Session], Answer]) -> Answer:
    with Session(bind) as own:
        return read(own)
