"""Tests of tools/package."""
