"""Measures what the shop costs: round trips, capacity units, latency, import time and package size."""
