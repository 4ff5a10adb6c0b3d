"""Tests of tools/local."""
