"""Tests of the rehearsal on emulated AWS."""
