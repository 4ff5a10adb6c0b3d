"""The PostgreSQL side: which tables and columns there are, and reading them."""
