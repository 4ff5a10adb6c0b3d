"""Writing products: each function adds what one change needs to the caller's unit of work."""

from collections.abc import Mapping
from dataclasses import replace

from common import prefixes
from common.dynamodb import Condition, Item, Key, UnitOfWork, Update, attr, change, claim, release
from common.dynamodb.entries import INDEX_KEYS
from common.dynamodb.rows import difference
from common.dynamodb.unique import marker_item
from common.errors import Conflict, NotFound
from common.free_names import NameTaken
from common.optimistic import StaleVersion
from common.repositories.catalogue_changes import RowChange, change_rows, new_rows
from common.repositories.categories import link_items
from common.repositories.listings import count_change
from common.repositories.products import (
    Product,
    Variant,
    category_maps,
    facets,
    fields_stored,
    image_maps,
    partition,
    row_index_keys,
)
from common.repositories.stock_movements import Movement, movement_fields

# By these a listing row stands in lists and is found by its slug.
_KEYS_OF_LISTS = tuple(name for name in INDEX_KEYS if not name.startswith("GSI3"))

SLUG_KIND, PRODUCT_SKU_KIND, VARIANT_SKU_KIND = "PRODUCT_SLUG", "PRODUCT_SKU", "VARIANT_SKU"


def add_product(work: UnitOfWork, product: Product) -> None:
    """Adds a new product with its images, variants, stock, links, markers and its place in the totals."""
    taken = Conflict(f"Product with id {product.id} already exists")
    for row in new_rows(product):
        # Stops a counter that was not seeded after a migration from overwriting a product.
        work.put(row, condition=attr("PK").missing(), failed=taken)
    claim_names(work, product)
    for variant in product.live_variants:
        add_variant_pointer(work, variant)
    for category in product.categories:
        link(work, product.id, category.id)
    count_change(work, None, product)


def change_product(work: UnitOfWork, before: Product, after: Product) -> None:
    """Writes what differs between two readings of one product: fields, categories, images and facets."""
    _relink(work, before, after)
    _change_rows(work, before, after, touched(after.updated_at).set("edited_at", after.updated_at))
    change(work, SLUG_KIND, before.slug, after.slug, partition(after.id), slug_taken(after.slug))
    change(
        work, PRODUCT_SKU_KIND, before.sku or "", after.sku or "", partition(after.id), sku_taken(after.sku)
    )


def decide_product(work: UnitOfWork, before: Product, after: Product) -> None:
    """Writes what the shop decides of a creator's work: moderation and withholding.

    Nobody edited its fields, so a form that was open meanwhile may still be saved.
    """
    _change_rows(work, before, after, touched(after.updated_at))


def _change_rows(work: UnitOfWork, before: Product, after: Product, touch: Update) -> None:
    document = RowChange(
        difference(_document_part(before), _document_part(after), touch),
        unchanged_since(before),
        StaleVersion(f"Product {after.id}"),
    )
    listing = RowChange(difference(_listing_part(before), _listing_part(after)))
    change_rows(work, after.id, document, listing)
    count_change(work, before, after)


def delete_product(work: UnitOfWork, product: Product, now: str) -> None:
    """Takes a product out of every index and gives its names free; nothing of it is lost."""
    deleted = Update().set("deleted_at", now).set("updated_at", now).increment("version", 1)
    document = RowChange(
        deleted.remove(*INDEX_KEYS), unchanged_since(product), StaleVersion(f"Product {product.id}")
    )
    # The listing row stays where changes are found, so that whoever holds it hears that it is gone.
    change_rows(work, product.id, document, RowChange(Update().remove(*_KEYS_OF_LISTS)))
    release_names(work, product)
    count_change(work, product, None)


def restore_product(work: UnitOfWork, product: Product, now: str, *, withheld: bool | None = None) -> None:
    """Puts a deleted product back where it was, or fails with Conflict when a name is taken by now.

    `withheld` is what its creator's status makes of it, which nobody tells a deleted one.
    """
    live = replace(product, deleted_at=None, withheld=withheld)
    restored = Update().remove("deleted_at").set("updated_at", now).increment("version", 1)
    document = RowChange(
        difference(_restored({}, product), _restored(row_index_keys("METADATA", live), live), restored),
        # Stops two restores at once from counting the product twice.
        attr("version").eq(product.version) & attr("deleted_at").exists(),
        StaleVersion(f"Product {product.id}"),
    )
    change_rows(work, product.id, document, RowChange(difference(facets(product), _listing_part(live))))
    claim_names(work, live)
    count_change(work, None, live)


def unchanged_since(product: Product) -> Condition:
    """Stops a writer who decided on an older reading, or on a product that was deleted meanwhile."""
    return attr("version").eq(product.version) & attr("deleted_at").missing()


def times_unmoved(product: Product) -> Condition:
    """Stops a writer who decided on other times of a product than either of its rows has now."""
    times = {"publish_at": product.publish_at, "unpublish_at": product.unpublish_at}
    since, until = (attr(name).eq(it) if it else attr(name).missing() for name, it in times.items())
    return since & until


def claim_names(work: UnitOfWork, product: Product) -> None:
    """Claims the slug and the SKUs of a product and of its variants; a taken one is a Conflict."""
    owner = partition(product.id)
    claim(work, SLUG_KIND, product.slug, owner, slug_taken(product.slug))
    if product.sku:
        claim(work, PRODUCT_SKU_KIND, product.sku, owner, sku_taken(product.sku))
    for variant in product.live_variants:
        claim_variant_sku(work, variant)


def name_markers(product: Product) -> list[Item]:
    """The markers that say that a product has its slug and the SKUs of it and its variants."""
    owner = partition(product.id)
    markers = [marker_item(SLUG_KIND, product.slug, owner)]
    if product.sku:
        markers.append(marker_item(PRODUCT_SKU_KIND, product.sku, owner))
    with_sku = (variant for variant in product.live_variants if variant.sku)
    return markers + [marker_item(VARIANT_SKU_KIND, it.sku, variant_owner(it)) for it in with_sku]


def release_names(work: UnitOfWork, product: Product) -> None:
    """Gives the slug and the SKUs of a product and of its variants free."""
    owner = partition(product.id)
    release(work, SLUG_KIND, product.slug, owner)
    if product.sku:
        release(work, PRODUCT_SKU_KIND, product.sku, owner)
    for variant in product.live_variants:
        if variant.sku:
            release(work, VARIANT_SKU_KIND, variant.sku, variant_owner(variant))


def slug_taken(slug: str) -> NameTaken:
    """The error of a slug that another product has."""
    return NameTaken(SLUG_KIND, f"Product with slug '{slug}' already exists", "slug")


def sku_taken(sku: str | None, kind: str = PRODUCT_SKU_KIND) -> NameTaken:
    """The error of a SKU that another product has, or another variant."""
    return NameTaken(kind, f"SKU '{sku}' is already used", "sku")


def variant_owner(variant: Variant) -> str:
    """How a marker names the variant that owns it."""
    return f"{prefixes.VARIANT}#{variant.id}"


def variant_pointer_key(variant_id: int) -> Key:
    """The key of the row that says which product a variant belongs to."""
    return f"{prefixes.VARIANT}#{variant_id}", "METADATA"


def variant_pointer_item(variant: Variant) -> Item:
    """The row by which a variant is found without its product.

    It is also the first movement of the variant's stock: a row for that alone would be one too many for a
    product with many variants.
    """
    pk, sk = variant_pointer_key(variant.id)
    opening = Movement(
        delta=variant.stock,
        reason="count",
        source="opening",
        event_id=str(variant.id),
        created_at=variant.created_at,
        sku=variant.sku or None,
        variant_id=variant.id,
        product_id=variant.product_id,
    )
    counted = movement_fields(opening) if variant.stock else {"product_id": variant.product_id}
    return {"PK": pk, "SK": sk, **counted}


def add_variant_pointer(work: UnitOfWork, variant: Variant) -> None:
    """Adds the row by which a variant is found without its product, and its opening count with it."""
    work.put(variant_pointer_item(variant))


def claim_variant_sku(work: UnitOfWork, variant: Variant) -> None:
    """Claims the SKU of a variant where it has one."""
    if variant.sku:
        taken = sku_taken(variant.sku, VARIANT_SKU_KIND)
        claim(work, VARIANT_SKU_KIND, variant.sku, variant_owner(variant), taken)


def touched(now: str) -> Update:
    """The part of every update of a document: its time and version."""
    return Update().set("updated_at", now).increment("version", 1)


def change_document(
    work: UnitOfWork,
    product_id: int,
    update: Update,
    condition: Condition | None = None,
    failed: Exception | None = None,
    *,
    listing: RowChange | None = None,
) -> None:
    """Updates the document of a product that exists and is not deleted.

    `listing` is what the same unit of work changes in its listing row, which is marked in any case.
    """
    # Stops a change that raced with the product's deletion from bringing half of it back.
    live = attr("PK").exists() & attr("deleted_at").missing()
    document = RowChange(
        update, live & condition if condition else live, failed or NotFound("Product not found")
    )
    change_rows(work, product_id, document, listing or RowChange(Update()))


def link(work: UnitOfWork, product_id: int, category_id: int) -> None:
    """Adds both rows of a product-category link."""
    for row in link_items(product_id, category_id):
        work.put(row)


def unlink(work: UnitOfWork, product_id: int, category_id: int) -> None:
    """Removes both rows of a product-category link."""
    for row in link_items(product_id, category_id):
        work.delete((row["PK"], row["SK"]))


def _relink(work: UnitOfWork, before: Product, after: Product) -> None:
    old = {category.id for category in before.categories}
    new = {category.id for category in after.categories}
    for category_id in sorted(new - old):
        link(work, after.id, category_id)
    for category_id in sorted(old - new):
        unlink(work, after.id, category_id)


def _restored(keys: Mapping[str, str], product: Product) -> Item:
    return {**keys, **fields_stored(product, ("withheld",))}


def _document_part(product: Product) -> Item:
    """What a change of a product can change in its document."""
    return {
        **fields_stored(product),
        "categories": category_maps(product.categories),
        "images": image_maps(product.images),
        **row_index_keys("METADATA", product),
    }


def _listing_part(product: Product) -> Item:
    """What it can change in the listing row."""
    return facets(product) | row_index_keys("LISTING", product)
