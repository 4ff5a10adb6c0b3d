"""What a file changes of a product's pictures, which it names by their addresses."""

from catalog.images import MAX_IMAGES
from catalog.product_files.columns import ALT_TEXTS, BETWEEN_LINES, IMAGES, product_cells
from catalog.product_files.field_plans import is_same, plain
from catalog.product_files.plan import Picture
from catalog.product_files.said import Reading, Said, SaidProduct
from common import media
from common.errors import InvalidInput
from common.media import urls_for
from common.repositories.products import Product


def planned_pictures(
    reading: Reading, said: SaidProduct, product: Product | None
) -> tuple[Picture, ...] | None:
    """The pictures that a product is to have, in their order; None where they stay.

    Those that it has already are known by their addresses. Others lie elsewhere and stay there, or are
    pictures of the shop, of which it gets a copy.
    """
    addresses, texts = said.cells.get(IMAGES), said.cells.get(ALT_TEXTS)
    if addresses is None and texts is None:
        return None
    shown = product_cells(product) if product else {}
    given = ((IMAGES, addresses), (ALT_TEXTS, texts))
    if all(cell is None or is_same(cell.text, shown, name) for name, cell in given):
        return None
    own = urls_for([image.key for image in product.images]) if product else []
    urls = own if addresses is None else _lines(addresses)
    alt_texts = [line.strip() for line in plain(texts.text).split(BETWEEN_LINES)] if texts else []
    if texts is not None and len(alt_texts) > max(len(urls), 1):
        reading.wrong(texts.row, ALT_TEXTS, f"has {len(alt_texts)} lines for {len(urls)} images")
    pictures = tuple(_picture(url, index, alt_texts, texts) for index, url in enumerate(urls))
    if addresses is not None:
        _hold_addresses(reading, addresses, [url for url in urls if url not in own])
    _hold_texts(reading, texts, pictures)
    if product is None and not pictures:
        return None
    return pictures


def _lines(cell: Said) -> list[str]:
    return [line for each in plain(cell.text).split(BETWEEN_LINES) if (line := each.strip())]


def _picture(url: str, index: int, alt_texts: list[str], said: Said | None) -> Picture:
    if said is None:
        return Picture(url)
    return Picture(url, alt_texts[index] if index < len(alt_texts) else "")


def _hold_addresses(reading: Reading, cell: Said, fresh: list[str]) -> None:
    """What the API would refuse of addresses, and pictures of the shop that are not there."""
    from catalog.schemas import NewImage
    from common.http.validation import load

    if len(fresh) > MAX_IMAGES or len(_lines(cell)) > MAX_IMAGES:
        reading.wrong(cell.row, IMAGES, f"names more than the {MAX_IMAGES} images that a product may have")
        return
    for url in fresh:
        try:
            load(NewImage, {"url": url})
        except InvalidInput as error:
            reading.wrong(cell.row, IMAGES, "; ".join(error.fields.get("url", [error.message])))
            continue
        key = media.key_of(url)
        if not media.is_absolute(key) and not _is_there(key):
            reading.wrong(cell.row, IMAGES, f"names {url}, which is no picture of this shop")


def _is_there(key: str) -> bool:
    """Whether it is a picture that the shop has checked, and still has."""
    checked = (each for each in media.possible_keys(key) if media.folder_of_checked(each))
    return any(media.read(each, 1) is not None for each in checked)


def _hold_texts(reading: Reading, cell: Said | None, pictures: tuple[Picture, ...]) -> None:
    if cell is not None and any(len(picture.alt_text or "") > 500 for picture in pictures):
        reading.wrong(cell.row, ALT_TEXTS, "must be at most 500 characters for each image")
