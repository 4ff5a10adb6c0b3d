"""How often each job of the shop domain runs, as EventBridge writes it."""

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
SCHEDULES = {"analytics": "rate(1 hour)", "mails": "rate(5 minutes)"}
