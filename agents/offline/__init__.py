"""A chat model that works with no key and no network, by rules; it never claims to be a language model."""

from agents.offline.model import OfflineModel

__all__ = ["OfflineModel"]
