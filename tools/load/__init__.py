"""`artshop load`: visitors and an artist on a shop that runs, what they met, and what the table was asked."""
