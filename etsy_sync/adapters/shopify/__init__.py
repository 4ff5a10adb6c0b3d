"""Shopify's Admin API, as far as the shop's stock needs it: works, stock, orders and webhooks."""
