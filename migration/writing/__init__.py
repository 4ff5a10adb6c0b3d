"""Moving: a look at every row, then writing window by window."""
