"""The type of a session, for rooms that do not know SQLAlchemy."""

from sqlalchemy.orm import Session

__all__ = ["Session"]
