"""`python -m tools.countries`: writes what the shop knows of countries' names, from CLDR."""
