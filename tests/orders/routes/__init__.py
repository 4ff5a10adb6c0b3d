"""Tests of the routes of the orders domain."""
