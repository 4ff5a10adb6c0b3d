"""Reads papers back: the text of a PDF."""

import pypdfium2


def text_of(data: bytes) -> str:
    """The text of all pages, the lines of each in the order in which they were drawn."""
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
