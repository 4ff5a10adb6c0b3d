"""`artshop deploy`: from the sources to a stage that answers, and back to the release before."""
