"""Carts, discount codes, checkout, orders and their payments."""
