"""Tests of carts, discount codes, orders and payments."""
