"""Tests of the Shopify adapter against the fake shop, over HTTP."""
