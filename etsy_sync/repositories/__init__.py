"""Rows of channels: what each was told, sold and answered."""
