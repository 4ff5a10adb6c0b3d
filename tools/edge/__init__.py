"""One host in front of all domains: which path belongs to which, on AWS and on this machine."""
