"""Writes the file of countries' names."""

from tools.countries.names import write

print(write())
