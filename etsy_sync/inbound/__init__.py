"""What happened on the channels becomes movements of stock and orders, each once."""
