"""Rows of creators, enterprises and known networks."""
