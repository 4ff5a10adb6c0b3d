"""Counts and returns of SKUs as the clients of the sync report and read them."""
