"""What a person may do, by role: one small table."""

from __future__ import annotations

from enum import StrEnum

from stocksense.store.states import Role


class Right(StrEnum):
    """Something that not everybody may do."""

    VIEW = "view"
    COUNT = "count"
    APPROVE = "approve"
    MANAGE = "manage"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.VIEW}),
    Role.STAFF: frozenset({Right.VIEW, Right.COUNT}),
    Role.MANAGER: frozenset({Right.VIEW, Right.COUNT, Right.APPROVE}),
    Role.OWNER: frozenset(Right),
}
"""Staff count stock and receive goods, managers approve what costs money, owners manage people and settings."""


def may(role: Role, right: Right) -> bool:
    """Whether a role holds a right."""
    return right in RIGHTS[role]
