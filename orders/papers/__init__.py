"""Invoices, credit notes and packing slips: their numbers, what is frozen in them, and their PDFs."""
