"""Processes that change, sell and list one catalogue at once, and what their lists may have shown."""
