"""Tests of migration/writing."""
