"""One module for each entity: its type, its keys, to and from a row, and how it is found."""
