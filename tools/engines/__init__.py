"""DynamoDB engines that run on this machine."""
