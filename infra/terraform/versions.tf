terraform {
  # Preconditions came with 1.2.
  required_version = ">= 1.2"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # What is here works with 3.39, on which it is tried; current_override.tf adds what newer ones know, and asks for one.
      version = ">= 3.39"
    }
  }
}

provider "aws" {
  region = var.region
}

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}
