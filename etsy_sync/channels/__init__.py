"""The channels besides the shop: what every one of them can do, and the errors that they share."""
