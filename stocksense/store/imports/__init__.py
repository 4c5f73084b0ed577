"""Files of a shop's other systems, read into the tables, and the tables written into files.

`read_import` reads a file, `plan_import` says what it would change (a dry run ends there), `run_import` changes it.
"""

from stocksense.store.imports.exports import export_products, export_sales, export_stock
from stocksense.store.imports.kinds import Kind
from stocksense.store.imports.plan import ImportPlan, plan_import
from stocksense.store.imports.problems import Problem
from stocksense.store.imports.report import ImportReport, summary
from stocksense.store.imports.run import run_import
from stocksense.store.imports.sheet import Sheet, read_import

__all__ = [
    "ImportPlan",
    "ImportReport",
    "Kind",
    "Problem",
    "Sheet",
    "export_products",
    "export_sales",
    "export_stock",
    "plan_import",
    "read_import",
    "run_import",
    "summary",
]
