"""Tests of migration/dump."""
