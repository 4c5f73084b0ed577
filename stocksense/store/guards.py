"""What the database itself refuses, whoever asks: rewriting the ledger or the audit trail, and illegal steps."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy import Connection, insert, inspect, text

from stocksense.domain.orders import ORDER_STEPS, PROPOSAL_STEPS, OrderState, ProposalState
from stocksense.domain.recall import MATCH_STEPS, MatchState
from stocksense.store.tables import Step

APPEND_ONLY = ("stock_moves", "audit")
"""Tables whose rows are only ever added."""

STEPPED: dict[str, tuple[frozenset[tuple[StrEnum, StrEnum]], StrEnum]] = {
    "order_lines": (frozenset(ORDER_STEPS), OrderState.PLACING),
    "proposals": (frozenset(PROPOSAL_STEPS), ProposalState.PENDING),
    "recall_matches": (frozenset(MATCH_STEPS), MatchState.PROPOSED),
}
"""Tables whose `state` moves by listed steps only: {table: (steps, the state in which a row begins)}."""


def install(connection: Connection) -> None:
    """Create the triggers and fill the table `steps`, for those guarded tables that exist; may be called again."""
    remove(connection)
    connection.execute(insert(Step), list(_steps()))
    there = set(inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        for function in _FUNCTIONS:
            connection.execute(text(function))
    triggers = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    for table in [*APPEND_ONLY, *STEPPED]:
        if table in there:
            for statement in triggers["append_only" if table in APPEND_ONLY else "stepped"]:
                connection.execute(text(statement.replace("{table}", table)))


def remove(connection: Connection) -> None:
    """Drop the triggers and empty the table `steps`."""
    there = set(inspect(connection).get_table_names())
    for table in [*APPEND_ONLY, *STEPPED]:
        if table in there:
            for rule in ("no_update", "no_delete", "no_truncate", "step", "start"):
                on_table = "" if connection.dialect.name == "sqlite" else f" ON {table}"
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{rule}{on_table}")
    if connection.dialect.name == "postgresql":
        for name in ("refuse_rewriting", "refuse_step", "refuse_start"):
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")
    connection.exec_driver_sql("DELETE FROM steps")


def _steps() -> Iterator[dict[str, str]]:
    """The rows of `steps`; the step with nothing before it is the beginning."""
    for table, (steps, first) in STEPPED.items():
        yield {"kind": table, "before": "", "after": str(first)}
        yield from ({"kind": table, "before": str(before), "after": str(after)} for before, after in sorted(steps))


_SQLITE = {
    "append_only": (
        """
        CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed; add one that sets it right'); END
        """,
        """
        CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        BEGIN SELECT RAISE(ABORT, 'rows of {table} are never deleted; add one that sets it right'); END
        """,
    ),
    "stepped": (
        """
        CREATE TRIGGER {table}_step BEFORE UPDATE OF state ON {table}
        WHEN NEW.state <> OLD.state AND NOT EXISTS (
            SELECT 1 FROM steps WHERE kind = '{table}' AND before = OLD.state AND after = NEW.state
        )
        BEGIN SELECT RAISE(ABORT, 'a row of {table} cannot take this step; see the table steps'); END
        """,
        """
        CREATE TRIGGER {table}_start BEFORE INSERT ON {table}
        WHEN NOT EXISTS (SELECT 1 FROM steps WHERE kind = '{table}' AND before = '' AND after = NEW.state)
        BEGIN SELECT RAISE(ABORT, 'a row of {table} cannot begin in this state; see the table steps'); END
        """,
    ),
}

_FUNCTIONS = (
    """
    CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are never changed nor deleted; add one that sets it right', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION refuse_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND NOT EXISTS (
            SELECT 1 FROM steps WHERE kind = TG_TABLE_NAME AND before = OLD.state AND after = NEW.state
        ) THEN
            RAISE EXCEPTION 'a row of % that is % cannot become %; see the table steps',
                TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION refuse_start() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM steps WHERE kind = TG_TABLE_NAME AND before = '' AND after = NEW.state) THEN
            RAISE EXCEPTION 'a row of % cannot begin as %; see the table steps', TG_TABLE_NAME, NEW.state
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
)

_POSTGRESQL = {
    "append_only": (
        "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()",
        "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()",
        "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_rewriting()",
    ),
    "stepped": (
        "CREATE TRIGGER {table}_step BEFORE UPDATE OF state ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_step()",
        "CREATE TRIGGER {table}_start BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_start()",
    ),
}
