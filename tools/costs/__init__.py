"""What a month costs: worked out beforehand from measured units, and read off CloudWatch afterwards."""
