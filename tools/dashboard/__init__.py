"""The shop's dashboard as code: what it shows, the template that makes it, and a picture of it."""
