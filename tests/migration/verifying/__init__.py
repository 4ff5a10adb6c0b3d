"""Tests of migration/verifying."""
