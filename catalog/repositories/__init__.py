"""Rows and writes of categories, of the parts of products, and of what pages showed."""
