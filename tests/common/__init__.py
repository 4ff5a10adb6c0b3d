"""Tests of what the domains share."""
