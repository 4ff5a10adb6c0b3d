"""Tests of payments, their providers and webhooks, refunds and cancellations."""
