# The same table as in infra/storage.yaml and common/dynamodb/table.py; a test compares what comes out.

locals {
  provisioned = var.table_mode == "provisioned"
  indexes     = ["GSI1", "GSI2", "GSI3"]
  key_pairs   = concat([["PK", "SK"]], [for index in local.indexes : ["${index}PK", "${index}SK"]])
}

resource "aws_dynamodb_table" "shop" {
  name           = local.table_name
  billing_mode   = local.provisioned ? "PROVISIONED" : "PAY_PER_REQUEST"
  read_capacity  = local.provisioned ? var.read_units[0] : null
  write_capacity = local.provisioned ? var.write_units[0] : null
  hash_key       = "PK"
  range_key      = "SK"

  dynamic "attribute" {
    for_each = flatten(local.key_pairs)

    content {
      name = attribute.value
      type = "S"
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
    }
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  # With the key that AWS manages for the account, whose uses CloudTrail shows.
  server_side_encryption {
    enabled = true
  }

  lifecycle {
    precondition {
      condition     = alltrue([for names in values(local.named) : length(names) <= 1])
      error_message = "The stages are not of one shop: ${join("; ", [for setting, names in local.named : "${setting} is ${join(" and ", names)}" if length(names) > 1])}."
    }

    precondition {
      condition     = contains(keys(var.stages), var.main_stage)
      error_message = "main_stage names ${var.main_stage}, which is not among stages."
    }
  }
}
