"""The tables, as SQLAlchemy models; the rules that the database itself holds are in guards.py."""

from stocksense.store.tables.buying import ApprovalRow, OrderLine, Proposal, PurchaseOrder, Step
from stocksense.store.tables.conversations import Conversation, ConversationElement, ConversationStep
from stocksense.store.tables.decisions import DecisionRow, ForecastRow
from stocksense.store.tables.ledger import Balance, CountRequest, Lot, StockMove, StockOut
from stocksense.store.tables.memory import EpisodeRow, ReflectionRow
from stocksense.store.tables.outside import Recall, RecallMatchRow, Trend
from stocksense.store.tables.people import LoginFailure, LoginRow, User
from stocksense.store.tables.rollups import (
    BookMark,
    DailyLoss,
    ForecastTotal,
    ForecastTrial,
    MonthlySales,
    ProductFacts,
    ReadMark,
    Rollup,
    StockTotal,
)
from stocksense.store.tables.runs import Audit, JobRun, OutboxMail
from stocksense.store.tables.sales import DailySales, Sale
from stocksense.store.tables.shop import Category, Location, Offer, Product, Shop, Supplier
from stocksense.store.tables.table import Table

__all__ = [
    "ApprovalRow",
    "Audit",
    "Balance",
    "BookMark",
    "Category",
    "Conversation",
    "ConversationElement",
    "ConversationStep",
    "CountRequest",
    "DailyLoss",
    "DailySales",
    "DecisionRow",
    "EpisodeRow",
    "ForecastRow",
    "ForecastTotal",
    "ForecastTrial",
    "JobRun",
    "Location",
    "LoginFailure",
    "LoginRow",
    "Lot",
    "MonthlySales",
    "Offer",
    "OrderLine",
    "OutboxMail",
    "Product",
    "ProductFacts",
    "Proposal",
    "PurchaseOrder",
    "ReadMark",
    "Recall",
    "RecallMatchRow",
    "ReflectionRow",
    "Rollup",
    "Sale",
    "Shop",
    "Step",
    "StockMove",
    "StockOut",
    "StockTotal",
    "Supplier",
    "Table",
    "Trend",
    "User",
]
