"""Tests of migration/way_back."""
