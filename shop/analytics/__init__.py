"""Analytics: who looked at a creator's work, by day, without saying who."""
