"""Rows of carts, discount codes, payments and refunds, and of orders' ties to channels."""
