"""AWS on this machine for a while: a deployment rehearsed on the real templates and the real zip."""
