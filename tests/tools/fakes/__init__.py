"""Tests of the stand-ins as a person starts them."""
