"""How each table becomes rows of the shop's table, and how those become PostgreSQL's rows again."""
