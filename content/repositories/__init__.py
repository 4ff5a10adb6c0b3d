"""Rows of comics."""
