"""How often each job of the orders runs, as EventBridge writes it."""

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
SCHEDULES = {"unpaid": "rate(10 minutes)"}
