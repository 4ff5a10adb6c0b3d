"""One stock on every channel: its counts, what comes back, and what the channels are told."""
