"""Mail: what is written to buyers, members and the artist, and how it is sent once."""
