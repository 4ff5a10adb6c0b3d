"""Terraform of PyPI, as it is run."""
