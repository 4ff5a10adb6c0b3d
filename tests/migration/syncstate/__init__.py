"""Tests of migration/syncstate."""
