"""Tests of migration/postgres."""
