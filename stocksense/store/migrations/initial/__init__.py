"""The tables as first released, one file a topic; the models moved on since, these stay as they are."""

from stocksense.store.migrations.initial import buying, decisions, ledger, outside, runs, sales, shop
from stocksense.store.migrations.initial.columns import METADATA

__all__ = ["METADATA", "buying", "decisions", "ledger", "outside", "runs", "sales", "shop"]
