"""How often each job of the catalogue runs, as EventBridge writes it."""

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
SCHEDULES = {"creators": "rate(10 minutes)", "snapshot": "rate(10 minutes)"}
