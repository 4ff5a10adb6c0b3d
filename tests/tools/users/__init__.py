"""Tests of the commands for accounts."""
