# What only a current provider knows. Terraform lays this file over the others: a block here replaces the blocks of its kind
# there. With a provider before 5.100, delete the file; nothing is lost but what it says.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }
}

resource "aws_dynamodb_table" "shop" {
  deletion_protection_enabled = true

  # A ceiling against abuse, which costs nothing. Each index has one of its own.
  dynamic "on_demand_throughput" {
    for_each = local.provisioned ? [] : [var.on_demand_ceiling]

    content {
      max_read_request_units  = on_demand_throughput.value.read
      max_write_request_units = on_demand_throughput.value.write
    }
  }

  dynamic "global_secondary_index" {
    for_each = local.indexes

    content {
      name            = global_secondary_index.value
      hash_key        = "${global_secondary_index.value}PK"
      range_key       = "${global_secondary_index.value}SK"
      projection_type = "ALL"
      read_capacity   = local.provisioned ? var.read_units[global_secondary_index.key + 1] : null
      write_capacity  = local.provisioned ? var.write_units[global_secondary_index.key + 1] : null

      dynamic "on_demand_throughput" {
        for_each = local.provisioned ? [] : [var.on_demand_ceiling]

        content {
          max_read_request_units  = on_demand_throughput.value.read
          max_write_request_units = on_demand_throughput.value.write
        }
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
