"""Every row of every entity, as it was when it was first written down here."""
