"""Running the shop: signing in and out, its health and the audit log."""
