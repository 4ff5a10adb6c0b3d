"""The local pages in a headless Chromium."""
