"""Tests of migration/inspecting."""
