"""The amounts of a table, brought to a decimal point by what all of them together tell of their mark."""

from collections.abc import Collection

from catalog.product_files.said import Note
from common.csv_numbers import Mark, UnclearMark, decimal_mark, read_amount
from common.csv_reading import Row, Table


class Amounts:
    """The amounts in some columns of a table: `mark` is how they are written, `errors` what is none.

    Those of an export that is divided by commas have a point where nothing tells otherwise.
    """

    def __init__(self, table: Table, columns: Collection[str], *, is_export: bool = False) -> None:
        self._columns = columns
        self._shown = {column.lower(): column for column in table.columns}
        self.mark: Mark | None = None
        self.errors: list[Note] = []
        cells = [row.cells[name] for row in table.rows for name in columns if name in row.cells]
        try:
            self.mark = decimal_mark(cells, "." if is_export and table.separator == "," else None)
        except UnclearMark as error:
            shown = [self._shown[name] for name in columns if name in self._shown]
            self.errors.append(Note(0, ", ".join(shown), str(error)))
            self.mark = "."

    def text(self, row: Row, name: str) -> str:
        """What stands in a column, an amount with a decimal point; one that is none is noted, and empty."""
        text = row.cells.get(name, "")
        if name not in self._columns or not text.strip():
            return text
        try:
            return f"{read_amount(text, self.mark):f}"
        except ValueError as error:
            self.errors.append(Note(row.number, self._shown[name], str(error)))
            return ""
