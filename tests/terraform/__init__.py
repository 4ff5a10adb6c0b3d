"""infra/terraform, really applied: by the Terraform and the provider of PyPI, against an emulated AWS."""
