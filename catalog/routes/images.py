"""Routes of product images."""

from typing import Any

from catalog.images import delete_image, image_of, update_image, upload_image
from catalog.products import find_product, image_folder, live_product
from common.errors import InvalidInput, NotFound
from common.http import PUBLIC, Request, Role, Routes
from common.http.declared_bodies import changes, upload
from common.http.path_ids import path_id
from common.product_json import image_json, images_json
from common.repositories.products import Image
from common.uploads import DEFAULT_CONTENT_TYPE, upload_address

IMAGES = "/api/products/{product}/images"
ADMIN_IMAGES = "/api/admin/shop/products/{product}/images"

routes = Routes("catalog")


@routes.get(IMAGES, role=PUBLIC, answer="Images")
def get_images(request: Request) -> dict[str, Any]:
    """The images of a product by position."""
    sees_all = request.may(Role.EDITOR)
    return {"images": images_json(find_product(request.params["product"], request.now, sees_all=sees_all))}


@routes.post(IMAGES, role=Role.EDITOR, body=upload("schemas.ImageFields"), answer="ImageMessage", status=201)
@routes.post(
    ADMIN_IMAGES,
    role=Role.EDITOR,
    body=upload("schemas.ImageFields"),
    answer="ImageMessage",
    status=201,
    refuses_with_400=True,
)
def post_image(request: Request) -> dict[str, Any]:
    """A picture sent as multipart form: `file`, and `alt_text` and `position` if wanted."""
    product_id = path_id(request, "product", "Product")
    form = request.multipart()
    if "file" not in form.files:
        raise InvalidInput("No file uploaded", fields={"file": ["is required"]})
    # An empty field of the form says nothing.
    fields = request.load({name: value for name, value in form.fields.items() if value != ""})
    image = upload_image(
        product_id,
        form.files["file"].data,
        alt_text=fields.get("alt_text") or "",
        position=fields.get("position"),
        actor=request.actor,
        now=request.now,
    )
    return {"message": "Image uploaded", "image": _shown(image)}


@routes.patch(
    f"{IMAGES}/{{image}}", role=Role.EDITOR, body=changes("schemas.ImageFields"), answer="ImageMessage"
)
@routes.patch(
    f"{ADMIN_IMAGES}/{{image}}",
    role=Role.EDITOR,
    body=changes("schemas.ImageFields"),
    answer="ImageMessage",
    refuses_with_400=True,
)
def patch_image(request: Request) -> dict[str, Any]:
    """A new place or a new description of an image."""
    product_id, image_id = path_id(request, "product", "Product"), path_id(request, "image", "Image")
    image = image_of(live_product(product_id), image_id)
    wanted = request.changes(image_json(image, is_primary=False))
    if wanted:
        image = update_image(product_id, image_id, wanted, request.actor, request.now)
    return {"message": "Image updated", "image": _shown(image)}


@routes.delete(f"{IMAGES}/{{image}}", role=Role.EDITOR, answer="Message")
@routes.delete(f"{ADMIN_IMAGES}/{{image}}", role=Role.EDITOR, answer="Message")
def delete(request: Request) -> dict[str, Any]:
    """Removes an image and its file."""
    product_id, image_id = path_id(request, "product", "Product"), path_id(request, "image", "Image")
    delete_image(product_id, image_id, request.actor, request.now)
    return {"message": "Image deleted"}


@routes.get(
    "/api/products/{product}/upload-url", role=Role.EDITOR, query=("content_type",), answer="UploadAddress"
)
def get_upload_url(request: Request) -> dict[str, Any]:
    """Where a browser may put a picture that is too large for a request to the shop itself."""
    product = live_product(path_id(request, "product", "Product"))
    return upload_address(image_folder(product.id), request.arg("content_type", DEFAULT_CONTENT_TYPE))


@routes.get(ADMIN_IMAGES, role=Role.EDITOR, answer="Images")
def get_all(request: Request) -> dict[str, Any]:
    """The images of a product by position; none of a product that is not there."""
    try:
        return {"images": images_json(live_product(path_id(request, "product", "Product")))}
    except NotFound:
        return {"images": []}


def _shown(image: Image) -> dict[str, Any]:
    product = live_product(image.product_id)
    first = product.images[0].id if product.images else None
    return image_json(image_of(product, image.id), is_primary=image.id == first)
