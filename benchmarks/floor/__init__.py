"""How near the handler comes to the floor: a bare client, and the raw exchange, with the same calls."""
