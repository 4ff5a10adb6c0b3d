"""Tests of the migration on a real PostgreSQL."""
