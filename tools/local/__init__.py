"""`artshop run`: the whole shop on this machine."""
