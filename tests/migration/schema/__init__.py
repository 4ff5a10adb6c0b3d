"""Tests of migration/schema."""
