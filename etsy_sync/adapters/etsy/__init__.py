"""Etsy: its consent and tokens, its listings and receipts, and its part in one stock."""
