"""Tests of etsy_sync.links."""
