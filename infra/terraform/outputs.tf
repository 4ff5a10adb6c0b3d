output "api_endpoint" {
  description = "The URL of the main stage."
  value       = local.urls[var.main_stage]
}

output "urls" {
  description = "The URL of each stage."
  value       = local.urls
}

output "table_name" {
  description = "DYNAMODB_TABLE_NAME, for what runs outside of Lambda."
  value       = aws_dynamodb_table.shop.name
}

output "bucket_name" {
  description = "S3_BUCKET_NAME."
  value       = try(local.named["S3_BUCKET_NAME"][0], null)
}

output "media_base_url" {
  description = "MEDIA_BASE_URL of the stages, unless the CDN gets a name of the shop's own."
  value       = one([for stack in aws_cloudformation_stack.media : stack.outputs["MediaBaseUrl"]])
}

output "queue_url" {
  description = "STOCK_QUEUE_URL, for what runs outside of Lambda."
  value       = one([for queue in aws_sqs_queue.stock : queue.id])
}

output "storefront_environment" {
  description = "Lines for the storefront's environment."
  value = join("\n", [
    for name, url in merge(
      {
        for variable in concat(local.of_everything, flatten(values(local.variables_of))) :
        variable => local.urls[var.main_stage]
      },
      { for variable, stage in local.asked_under : variable => local.urls[stage] },
    ) : "${name}=${url}"
  ])
}

locals {
  urls = { for name, stack in aws_cloudformation_stack.api : name => trimsuffix(stack.outputs["EndpointURL"], "/") }

  # What asks for every domain.
  of_everything = ["NEXT_PUBLIC_API_URL", "NEXT_PUBLIC_PRODUCT_API_URL", "NEXT_PUBLIC_INTEGRATION_API_URL"]

  # Which variable leads to a stage that serves one domain. docs/operations.md says what is sent there.
  variables_of = {
    orders  = ["NEXT_PUBLIC_CART_API_URL", "NEXT_PUBLIC_ORDER_API_URL", "NEXT_PUBLIC_DISCOUNT_API_URL"]
    content = ["NEXT_PUBLIC_CONTENT_API_URL"]
    shop    = ["NEXT_PUBLIC_NOTIFICATION_API_URL"]
  }

  asked_under = merge([
    for name, variables in local.environments : {
      for variable in lookup(local.variables_of, variables.SHOP_DOMAINS, []) : variable => name
    }
  ]...)
}
