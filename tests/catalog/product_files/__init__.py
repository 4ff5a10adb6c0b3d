"""Tests of files of products."""
