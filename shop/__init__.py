"""Running the shop: signing in and out, its health, notifications and the audit log."""
