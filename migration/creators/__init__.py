"""Products without a creator, given to one."""
