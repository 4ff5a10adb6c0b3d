"""Amazon's Selling Partner API: listings, orders and returns of one seller in one marketplace."""
