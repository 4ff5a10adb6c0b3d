"""Tests of the API's document."""
