"""Fills a table with a catalogue of any size, whose texts have the vocabulary of a real one."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from multiprocessing import get_context
from os import cpu_count

from benchmarks.shop import OPENED, category_at, fill, make_shop, product_at
from benchmarks.words import texts_of
from catalog.index.packed_documents import pack
from catalog.index.snapshot_file import Snapshot
from catalog.index.stored_documents import encode
from catalog.index.texts import TextIndex
from catalog.index.texts import texts_of as texts_in
from common.clock import iso, utc_now
from common.dynamodb import Item, UnitOfWork, batch_write
from common.repositories.listings import count_product
from common.repositories.products import PUBLISHED, Product, document_item, listing_item
from common.slugs import slugify

CATEGORIES = 6
# What one process writes before it says so.
PORTION = 500


def listed_product(index: int) -> Product:
    """The product with this index, one a minute, with texts as they are written for it."""
    texts, created = texts_of(index), iso(OPENED + timedelta(minutes=index))
    plain = product_at(index, [category_at(number) for number in range(CATEGORIES)])
    return replace(
        plain,
        title=texts.title,
        slug=f"{slugify(texts.title)}-{plain.id}",
        short_description=texts.short_description,
        long_description=texts.long_description,
        created_at=created,
        updated_at=created,
    )


def fill_catalogue(count: int) -> float:
    """Write `count` published products into the empty table, by all processors; answers the seconds.

    The rows that link products and categories are left out: no list reads them. RuntimeError when a row could
    not be written.
    """
    began = time.perf_counter()
    fill(make_shop(0))
    portions = [(start, min(start + PORTION, count)) for start in range(0, count, PORTION)]
    if len(portions) < 4:
        written = sum(map(write_portion, portions))
    else:
        # Not forked: a client that two processes share would mix up their answers.
        with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as pool:
            written = sum(pool.map(write_portion, portions))
    with UnitOfWork() as work:
        count_product(work, {PUBLISHED: written})
    return time.perf_counter() - began


def write_portion(portion: tuple[int, int]) -> int:
    """Write the products from one index to before another; answers how many."""
    report = batch_write(chain.from_iterable(map(_rows, range(*portion))))
    if report.failed:
        raise RuntimeError(f"{len(report.failed)} rows were not written, the first: {report.failed[0]}")
    return len(report.succeeded) // 2


def snapshot_of(count: int) -> Snapshot:
    """The snapshot of a catalogue of `count` products, made of them and not of a table."""
    texts, rows, documents = TextIndex(), list[Item](), list[tuple[int, bytes]]()
    for product in map(listed_product, range(count)):
        document = document_item(product)
        rows.append(listing_item(product))
        documents.append((product.id, encode(document)))
        texts.put(product.id, texts_in(document))
    return Snapshot(None, utc_now(), rows, pack(documents), texts.dump())


def _rows(index: int) -> Iterator[Item]:
    product = listed_product(index)
    yield document_item(product)
    yield listing_item(product)
