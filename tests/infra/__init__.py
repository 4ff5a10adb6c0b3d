"""Tests of the CloudFormation templates."""
