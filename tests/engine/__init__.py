"""Tests that only DynamoDB Local can judge."""
