"""The one error that tools end on."""


class ToolError(Exception):
    """A tool cannot do what it was asked; the text is for the person at the terminal, without a trace."""
