"""Tests of the sample shop and what is generated with it."""
