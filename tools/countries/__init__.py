"""`python -m tools.countries`: writes what the shop knows of countries: their names and their addresses."""
