"""Tests of tools/edge."""
