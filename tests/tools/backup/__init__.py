"""Tests of copying the table to files and back."""
