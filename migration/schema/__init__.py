"""What there is to be moved: tables and columns as data, and what each becomes in both directions."""
