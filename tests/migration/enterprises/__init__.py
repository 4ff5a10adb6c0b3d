"""Tests of migration/enterprises."""
