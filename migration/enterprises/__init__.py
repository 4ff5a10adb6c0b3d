"""Enterprises from a table of PostgreSQL."""
