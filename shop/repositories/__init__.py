"""Rows of enterprises and known networks."""
