"""Tests of catalog.discovery."""
