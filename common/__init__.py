"""What the domains share: the access layer, the repositories, the HTTP layer and small helpers."""
