"""Demand forecasts: the only room that knows torch."""
