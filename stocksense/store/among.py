"""Picking rows by a list of values that is given with each run, so that the statement stays the same however long.

On PostgreSQL the list travels as one array. SQLite knows no arrays: there each value is a parameter of its own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):  # noqa: N801  # written as a condition of a statement
    """Whether a column's value is one of those that are given under `name`."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, bindparam(name, expanding=True, type_=column.type))

    def self_group(self, against: Any = None) -> Any:
        """It stands for itself: compared with 1, as SQLite is asked for what is true, it would miss every index."""
        return self


@compiles(among)
def _one_by_one(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return compiler.process(column.in_(values), **options)


@compiles(among, "postgresql")
def _as_array(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return compiler.process(column == any_(bindparam(values.key, type_=ARRAY(column.type))), **options)
