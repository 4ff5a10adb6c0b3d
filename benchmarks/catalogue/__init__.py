"""Lists and searches by the number of products, beside what they cost when each read the whole catalogue."""
