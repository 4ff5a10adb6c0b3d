"""What is odd about a database, before anything moves."""
