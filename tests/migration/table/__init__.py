"""Tests of migration/table."""
