"""Copies of the table in files: compressed JSON lines in DynamoDB's own JSON, with a manifest."""
