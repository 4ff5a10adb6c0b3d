"""The running shop held against its document, with data that it allows and data that it forbids."""
