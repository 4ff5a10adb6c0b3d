"""Tests of the benchmark of catalogues."""
