"""Tests of the mapping between PostgreSQL's rows and the shop's table."""
