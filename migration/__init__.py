"""Moves the shop from PostgreSQL to DynamoDB, proves that it arrived, and goes back."""
