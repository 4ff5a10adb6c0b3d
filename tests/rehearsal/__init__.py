"""Tests on emulated AWS, of real templates and the real zip: `make test-rehearsal`."""
