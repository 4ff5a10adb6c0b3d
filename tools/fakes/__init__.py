"""Local stand-ins for services of others, which speak their real protocols over loopback."""
