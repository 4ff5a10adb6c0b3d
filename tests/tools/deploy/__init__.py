"""Tests of tools/deploy."""
