"""Tests of what happened on the channels."""
