"""Generated pictures: posters, shirts, comics and characters, the same on every machine."""
