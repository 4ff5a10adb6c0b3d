# The body is the one that infra/dashboard.yaml has.

resource "aws_cloudwatch_dashboard" "shop" {
  for_each = toset(local.named["METRICS_NAMESPACE"])

  dashboard_name = var.stages[var.main_stage].stack

  dashboard_body = templatefile("${path.module}/../dashboard.json", {
    Region           = var.region
    TableName        = local.references.TableName
    QueueName        = coalesce(local.queue_name, "none")
    FunctionName     = local.references.FunctionName
    MetricsNamespace = local.references.MetricsNamespace
  })
}
