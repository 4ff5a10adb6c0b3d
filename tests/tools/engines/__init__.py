"""Tests of tools/engines."""
