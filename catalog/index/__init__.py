"""The catalogue as a process holds it: compact, kept up to date by the feed of changes, asked by lists."""
