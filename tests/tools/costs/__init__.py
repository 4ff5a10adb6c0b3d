"""Tests of what a month costs."""
