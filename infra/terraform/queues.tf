# The queue that brings changed stock to the channels, where a stage has one.

resource "aws_sqs_queue" "stock" {
  for_each = toset(compact([local.queue_name]))

  name = each.value
  # Six times what its reader may take, so that a message that is being worked on is not handed out again.
  visibility_timeout_seconds = 720
  message_retention_seconds  = 345600

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters[each.key].arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = toset(compact([local.queue_name]))

  name                       = "${each.value}-dead"
  visibility_timeout_seconds = 360
  message_retention_seconds  = 1209600
}

# Seals the channels' tokens, where the stage seals with KMS: 1 USD a month. Without it, no stored token can be opened again.
resource "aws_kms_key" "tokens" {
  for_each = toset(compact([local.key_alias]))

  description         = "Seals the channels' tokens."
  enable_key_rotation = true
}

resource "aws_kms_alias" "tokens" {
  for_each = toset(compact([local.key_alias]))

  name          = each.value
  target_key_id = aws_kms_key.tokens[each.key].key_id
}
