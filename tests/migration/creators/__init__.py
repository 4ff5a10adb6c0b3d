"""Tests of migration/creators."""
