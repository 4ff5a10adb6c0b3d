"""Tests of benchmarks/floor."""
