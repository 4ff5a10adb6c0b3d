"""Tests of what gets hot first."""
