"""A dump by pg_dump as a source: read, checked for completeness, loaded into a scratch server."""
