"""Visitors and an artist as locust's users."""
