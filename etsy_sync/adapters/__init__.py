"""The platforms that the shop sells on besides its own page, one folder each, and what all of them share."""
