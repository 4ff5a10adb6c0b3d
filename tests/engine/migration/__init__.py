"""Tests of the migration that an engine alone can judge."""
