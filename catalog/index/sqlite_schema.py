"""The catalogue as a SQLite file: its tables, and how a listing row and a document's texts stand in them.

Whatever is compared stands as bytes that sort as Python sorts the values, so that lists have one order
whoever answers them.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

from catalog.index.stored_documents import encode
from catalog.index.texts import texts_of
from common.collation import collation_key, folded
from common.dynamodb import Item
from common.repositories.catalogue_changes import DOCUMENT_MARK
from common.repositories.listings import ListingRow, listing_row, product_of_listing

# With FTS5 and its trigrams, as Lambda's Python 3.12 and 3.13 have them.
LEAST_VERSION = (3, 34, 0)

# `grams` has no texts of its own: it tells in which texts three letters stand, and `texts` has those.
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE products (
  id INTEGER PRIMARY KEY, approved INTEGER, status TEXT, creator TEXT, character_id TEXT, character BLOB,
  in_stock INTEGER, created_at BLOB, price BLOB, folded_title BLOB, title BLOB, all_of_title BLOB,
  document_mark TEXT, timed INTEGER, item BLOB
);
CREATE TABLE categories (value TEXT, id INTEGER, PRIMARY KEY (value, id)) WITHOUT ROWID;
CREATE TABLE texts (
  id INTEGER PRIMARY KEY, mark TEXT, title TEXT, short TEXT, long TEXT, labels TEXT, skus TEXT
);
CREATE VIRTUAL TABLE grams USING fts5(
  said, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1'
);
"""
_INDEXES = """
CREATE INDEX by_age ON products (status, approved, created_at, id);
CREATE INDEX by_price ON products (status, approved, price, id);
CREATE INDEX by_title ON products (status, approved, folded_title, title, id);
CREATE INDEX timed ON products (id) WHERE timed;
CREATE INDEX of_creator ON products (creator) WHERE creator IS NOT NULL;
CREATE INDEX of_product ON categories (id);
"""
_COMPLEMENT = str.maketrans("0123456789", "9876543210")


def is_possible() -> bool:
    """Whether this Python's SQLite has what the file needs."""
    if sqlite3.sqlite_version_info < LEAST_VERSION:
        return False
    with closing(sqlite3.connect(":memory:")) as probe:
        try:
            probe.execute("CREATE VIRTUAL TABLE probe USING fts5(said, tokenize='trigram case_sensitive 1')")
        except sqlite3.OperationalError:
            return False
    return True


def create(file: sqlite3.Connection, rows: Iterable[Item]) -> None:
    """Makes the tables, with these listing rows of products that are not deleted."""
    file.executescript(_SCHEMA)
    for row in rows:
        _insert(file, row)
    file.executescript(_INDEXES)


def put_row(file: sqlite3.Connection, item: Item) -> ListingRow | None:
    """Holds a listing row as it was read, in place of the one before; None if its product is deleted."""
    product_id = product_of_listing(item)
    file.execute("DELETE FROM products WHERE id = ?", (product_id,))
    file.execute("DELETE FROM categories WHERE id = ?", (product_id,))
    return _insert(file, item) if "GSI2SK" in item else None


def _insert(file: sqlite3.Connection, item: Item) -> ListingRow:
    row = listing_row(item)
    values = (*_values(row), encode(item))
    file.execute(f"INSERT INTO products VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 - marks alone
    named = {(value, row.id) for category in row.categories.items() for value in category}
    file.executemany("INSERT INTO categories VALUES (?, ?)", sorted(named))
    return row


def put_texts(file: sqlite3.Connection, product_id: int, document: Item | None) -> None:
    """Holds the texts of a product's document, in place of those that were held; None holds none."""
    held = file.execute(
        "SELECT title, short, long, labels, skus FROM texts WHERE id = ?", (product_id,)
    ).fetchone()
    if held is not None:
        # What is not in `grams` itself has to be told to it to be taken out.
        file.execute(
            "INSERT INTO grams (grams, rowid, said) VALUES ('delete', ?, ?)", (product_id, said(held))
        )
        file.execute("DELETE FROM texts WHERE id = ?", (product_id,))
    if document is None:
        return
    values = tuple(_texts(document))
    file.execute(
        "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", (product_id, document.get(DOCUMENT_MARK), *values)
    )
    file.execute("INSERT INTO grams (rowid, said) VALUES (?, ?)", (product_id, said(values)))


def said(texts: Iterable[str]) -> str:
    """All texts of a product in one, as `grams` takes them in."""
    return "\n".join(texts)


def price_key(price: Decimal) -> bytes:
    """Bytes that sort as prices do: 3.5 and 3.50 are one, and infinity is behind all."""
    if price.is_infinite():
        return b"2" if price > 0 else b""
    if not price:
        return b"1"
    digits = "".join(map(str, price.as_tuple().digits)).strip("0")
    size = f"{price.adjusted() + 1000:04d}{digits}"
    return f"1{size}".encode() if price > 0 else f"0{size.translate(_COMPLEMENT)}~".encode()


def _values(row: ListingRow) -> Iterator[Any]:
    yield from (row.id, int(row.is_approved), row.status, row.creator_id)
    yield None if row.character_id is None else str(row.character_id)
    yield None if row.character_value is None else folded(row.character_value).encode()
    yield from (int(row.in_stock), row.created_at.encode(), price_key(row.base_price))
    yield from (*map(str.encode, collation_key(row.title)), folded(row.title).encode(), row.document_mark)
    yield int(row.is_timed)


def _texts(document: Item) -> Iterator[str]:
    texts = texts_of(document)
    labels = (texts.character, *(part for category in texts.categories for part in category), *texts.tags)
    for parts in ((texts.title,), (texts.short,), (texts.long,), labels, texts.skus):
        # The end of a text in C, which SQLite's own functions are written in.
        yield "\n".join(map(folded, parts)).replace("\0", " ")
