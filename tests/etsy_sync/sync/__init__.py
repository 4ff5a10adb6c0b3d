"""Tests of etsy_sync.sync."""
