# What the packages say. Names, rights, functions and the days that logs are kept stand in .chalice/ alone: `artshop package`
# writes them into the template, and here they are read from there.

locals {
  templates = { for name, stage in var.stages : name => jsondecode(file("${stage.package}/sam.json")).Resources }

  functions = merge([
    for name, resources in local.templates : {
      for id, resource in resources : "${name}/${id}" => {
        stage = name
        name  = replace(resource.Properties.FunctionName["Fn::Sub"], "$${AWS::StackName}", var.stages[name].stack)
      } if resource.Type == "AWS::Serverless::Function"
    }
  ]...)

  retention_days = {
    for name, resources in local.templates : name => one(distinct([
      for resource in values(resources) : resource.Properties.RetentionInDays if resource.Type == "AWS::Logs::LogGroup"
    ]))
  }

  environments = {
    for name, resources in local.templates : name => resources.APIHandler.Properties.Environment.Variables
  }

  # Each setting that names a resource, with all that the stages call it: once, or they are no stages of one shop.
  named = {
    for setting in ["DYNAMODB_TABLE_NAME", "S3_BUCKET_NAME", "STOCK_QUEUE_NAME", "MAIL_QUEUE_NAME", "MAIL_FROM", "MAIL_CONFIGURATION_SET", "MAIL_TOPIC_NAME", "CORS_ALLOWED_ORIGINS", "METRICS_NAMESPACE", "TOKEN_KMS_KEY_ID"] :
    setting => distinct(compact([for variables in values(local.environments) : lookup(variables, setting, "")]))
  }

  table_name = local.named["DYNAMODB_TABLE_NAME"][0]
  queue_name = one(slice(local.named["STOCK_QUEUE_NAME"], 0, min(1, length(local.named["STOCK_QUEUE_NAME"]))))
  key_alias  = one(slice(local.named["TOKEN_KMS_KEY_ID"], 0, min(1, length(local.named["TOKEN_KMS_KEY_ID"]))))
}
