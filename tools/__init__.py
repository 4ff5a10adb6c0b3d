"""The command line and what it starts: local shop, engines, packaging. Nothing here runs in Lambda."""
