"""Going back: what PostgreSQL would have to change, and changing it."""
