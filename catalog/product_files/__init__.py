"""Products as files: written as CSV for a spreadsheet, and read from it again, with a dry run first."""
