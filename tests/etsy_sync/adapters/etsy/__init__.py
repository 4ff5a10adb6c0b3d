"""Tests of the Etsy adapter."""
