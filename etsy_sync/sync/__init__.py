"""What a channel is told of the stock, and telling it safely."""
