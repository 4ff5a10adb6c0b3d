"""The DynamoDB side: what the move keeps in the table about itself, and reading and writing it whole."""
