"""The files that are made of the dashboard's body: for CloudFormation, Terraform and the documents."""

import json
from pathlib import Path

from tools.dashboard.body import body
from tools.dashboard.picture import picture

BODY, TEMPLATE, PICTURE = "infra/dashboard.json", "infra/dashboard.yaml", "docs/dashboard.svg"

_TEMPLATE = """AWSTemplateFormatVersion: "2010-09-09"
Description: The shop's dashboard. `artshop dashboard` makes this file and dashboard.json of tools/dashboard.

Parameters:
  TableName:
    Type: String
    Default: ArtManagementTable
    Description: DYNAMODB_TABLE_NAME of the stages.
  QueueName:
    Type: String
    Default: artshop-stock
    Description: STOCK_QUEUE_NAME of the stages.
  FunctionName:
    Type: String
    Description: Output APIHandlerName of the stage's stack.
  MetricsNamespace:
    Type: String
    Default: artshop
    Description: METRICS_NAMESPACE of the stages.

Resources:
  Dashboard:
    Type: AWS::CloudWatch::Dashboard
    Properties:
      DashboardName: {Ref: AWS::StackName}
      DashboardBody:
        Fn::Sub:
          - |
@@BODY
          - Region: {Ref: AWS::Region}
"""


def files() -> dict[str, str]:
    """The contents of each file, by its path in the project."""
    found = body()
    text = json.dumps(found, indent=1, ensure_ascii=False)
    indented = "\n".join(f"            {line}" for line in text.splitlines())
    return {
        BODY: text + "\n",
        TEMPLATE: _TEMPLATE.replace("@@BODY", indented),
        PICTURE: picture(found),
    }


def write(root: Path) -> list[str]:
    """Writes the files below `root`; their paths."""
    for path, text in files().items():
        (root / path).write_text(text, encoding="utf-8")
    return list(files())
