"""The studio: a page of the shop itself, for whoever is signed in."""
