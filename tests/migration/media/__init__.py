"""Tests of migration/media."""
