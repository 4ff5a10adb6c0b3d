"""Writes the files of countries' names and addresses."""

from tools.countries import addresses, names

print(names.write())
print(addresses.write())
