"""How often each job of the sync runs, as EventBridge writes it (cron in UTC)."""

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
SCHEDULES = {
    "tokens": "rate(10 minutes)",
    "inventory": "rate(30 minutes)",
    "products": "rate(6 hours)",
    "receipts": "rate(5 minutes)",
    "orders": "rate(5 minutes)",
    "returns": "rate(1 hour)",
    # An event source would ask the queue all day long for what hardly ever comes.
    "undelivered": "rate(1 hour)",
    "reconcile": "cron(0 2 * * ? *)",
}
