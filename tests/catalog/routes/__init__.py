"""Tests of the routes of the catalogue."""
