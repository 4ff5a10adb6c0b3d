# One role for each stage, with the rights of its domains: those of .chalice/policies/, which the package has narrowed to the
# names of its stage.

locals {
  documents = {
    for name, resources in local.templates :
    name => resources.ApiHandlerRole.Properties.Policies[0].PolicyDocument
  }
}

resource "aws_iam_role" "functions" {
  for_each = var.stages

  name = "${each.value.stack}-functions"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "functions" {
  for_each = var.stages

  name = "rights"
  role = aws_iam_role.functions[each.key].id

  policy = jsonencode({
    Version = local.documents[each.key].Version
    Statement = [
      for statement in local.documents[each.key].Statement : merge(statement, {
        Resource = [
          for resource in statement.Resource : replace(replace(replace(replace(
            resource["Fn::Sub"],
            "$${AWS::Partition}", data.aws_partition.current.partition),
            "$${AWS::Region}", var.region),
            "$${AWS::AccountId}", data.aws_caller_identity.current.account_id),
          "$${AWS::StackName}", each.value.stack)
        ]
      })
    ]
  })
}

resource "aws_cloudwatch_log_group" "functions" {
  for_each = local.functions

  name              = "/aws/lambda/${each.value.name}"
  retention_in_days = local.retention_days[each.value.stage]
}
