"""Marks of what was reported by a channel and is done with, kept for as long as it may be reported again."""

from datetime import timedelta

from common import prefixes
from common.once import Marks

# Of a channel and its report. Etsy repeats one for a day and a half, Shopify for four hours, an administrator
# whenever it failed.
DONE = Marks(prefixes.EVENT, timedelta(days=7))
