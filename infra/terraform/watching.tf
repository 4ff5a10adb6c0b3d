# Alarms and budget as infra/alarms.yaml and infra/channels.yaml have them: they are read from there, so that a changed
# threshold changes here too.

locals {
  watching = yamldecode(file("${path.module}/../alarms.yaml")).Resources
  channels = yamldecode(file("${path.module}/../channels.yaml")).Resources

  # As in the templates: only a shop that writes metrics is watched, for the ten free ones are the account's.
  is_watched = length(local.named["METRICS_NAMESPACE"]) > 0

  alarms = merge(
    {
      for name, resource in local.watching : name => resource.Properties
      if resource.Type == "AWS::CloudWatch::Alarm" && local.is_watched
    },
    {
      for name, resource in local.channels : name => resource.Properties
      if resource.Type == "AWS::CloudWatch::Alarm" && local.is_watched && local.queue_name != null
    },
  )
  budget = local.watching.Budget.Properties

  # What the templates refer to, by parameter or resource.
  references = {
    FunctionName     = "${var.stages[var.main_stage].stack}-APIHandler"
    TableName        = local.table_name
    MetricsNamespace = try(local.named["METRICS_NAMESPACE"][0], "")
    Stock            = local.queue_name
    DeadLetters      = "${coalesce(local.queue_name, "none")}-dead"
  }
}

resource "aws_sns_topic" "alarms" {
  name = "${var.stages[var.main_stage].stack}-alarms"
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_cloudwatch_metric_alarm" "shop" {
  for_each = local.alarms

  alarm_name          = "${var.stages[var.main_stage].stack}-${each.key}"
  alarm_description   = each.value.AlarmDescription
  namespace           = try(local.references[each.value.Namespace.Ref], tostring(each.value.Namespace))
  metric_name         = each.value.MetricName
  statistic           = each.value.Statistic
  period              = each.value.Period
  evaluation_periods  = each.value.EvaluationPeriods
  threshold           = each.value.Threshold
  comparison_operator = each.value.ComparisonOperator
  treat_missing_data  = each.value.TreatMissingData
  alarm_actions       = [aws_sns_topic.alarms.arn]

  dimensions = {
    for dimension in try(each.value.Dimensions, []) : dimension.Name => try(
      local.references[dimension.Value.Ref],
      local.references[dimension.Value["Fn::GetAtt"][0]],
      tostring(dimension.Value),
    )
  }
}

resource "aws_budgets_budget" "month" {
  name              = "${var.stages[var.main_stage].stack}-month"
  budget_type       = local.budget.Budget.BudgetType
  time_unit         = local.budget.Budget.TimeUnit
  limit_amount      = format("%.1f", var.monthly_budget_usd)
  limit_unit        = local.budget.Budget.BudgetLimit.Unit
  time_period_start = "2026-01-01_00:00"

  dynamic "notification" {
    for_each = local.budget.NotificationsWithSubscribers

    content {
      notification_type          = notification.value.Notification.NotificationType
      comparison_operator        = notification.value.Notification.ComparisonOperator
      threshold                  = notification.value.Notification.Threshold
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = [var.alarm_email]
    }
  }
}
