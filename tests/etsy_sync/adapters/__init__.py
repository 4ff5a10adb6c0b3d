"""Tests of etsy_sync.adapters."""
