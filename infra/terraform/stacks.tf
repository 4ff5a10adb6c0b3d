# What `artshop deploy` makes by CloudFormation is made by the same templates: the bucket with its CDN, mail, and each stage's API,
# whose routes stand in the code alone.

resource "aws_cloudformation_stack" "media" {
  for_each = toset(local.named["S3_BUCKET_NAME"])

  # Its name is the one that `artshop upload` asks for the address of the CDN.
  name          = "${var.stages[var.main_stage].stack}-storage"
  template_body = file("${path.module}/../storage.yaml")

  parameters = {
    TableName         = local.table_name
    BucketName        = each.value
    StorefrontOrigins = local.named["CORS_ALLOWED_ORIGINS"][0]
    WithTable         = "no"
  }
}

resource "aws_cloudformation_stack" "mail" {
  for_each = toset(local.named["MAIL_QUEUE_NAME"])

  name          = "${var.stages[var.main_stage].stack}-mail"
  template_body = file("${path.module}/../mail.yaml")

  parameters = merge(
    {
      MailQueueName = each.value
      # The domain of an address such as `Shop <shop@example.com>`.
      MailIdentity = try(trimsuffix(split("@", local.named["MAIL_FROM"][0])[1], ">"), "")
    },
    { for name in local.named["MAIL_CONFIGURATION_SET"] : "MailConfigurationSet" => name },
    { for name in local.named["MAIL_TOPIC_NAME"] : "MailTopicName" => name },
  )
}

resource "aws_cloudformation_stack" "api" {
  for_each = var.stages

  name         = each.value.stack
  template_url = each.value.template_url
  # The template is one of SAM, which AWS translates.
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]

  parameters = {
    RoleArn = aws_iam_role.functions[each.key].arn
  }

  # A function that starts without its log group makes one that is kept for ever.
  depends_on = [
    aws_cloudformation_stack.mail,
    aws_cloudwatch_log_group.functions,
    aws_dynamodb_table.shop,
    aws_iam_role_policy.functions,
    aws_sqs_queue.stock,
  ]
}
