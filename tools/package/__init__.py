"""`artshop package`: the zip and the template that deploy a stage."""
