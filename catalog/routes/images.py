"""Routes of product images."""

from typing import Any

from catalog.images import delete_image, image_of, update_image, upload_image
from catalog.products import find_product, image_folder, live_product
from catalog.routes.arguments import actor, existing_id, is_admin, path_id
from common.errors import InvalidInput, NotFound
from common.http import PUBLIC, Request, Response, Role, Routes
from common.http.statuses import refusing_with_400
from common.http.unchanged import changed_fields
from common.product_json import image_json, images_json
from common.repositories.products import Image
from common.uploads import DEFAULT_CONTENT_TYPE, upload_address

ADMIN_IMAGES = "/api/admin/shop/products/{product}/images"

routes = Routes("catalog")


@routes.get("/api/products/{product}/images", role=PUBLIC)
def get_images(request: Request) -> dict[str, Any]:
    """The images of a product by position."""
    return {"images": images_json(find_product(request.params["product"], sees_all=is_admin(request)))}


@routes.post("/api/products/{product}/images", role=Role.ADMIN)
def post_image(request: Request) -> Response:
    """A picture sent as multipart form: `file`, and `alt_text` and `position` if wanted."""
    from catalog.schemas import ImageFields

    product_id = path_id(request, "product")
    form = request.multipart()
    if "file" not in form.files:
        raise InvalidInput("No file uploaded", fields={"file": ["is required"]})
    fields = ImageFields.of_form(form.fields)
    image = upload_image(
        product_id,
        form.files["file"].data,
        alt_text=fields.get("alt_text") or "",
        position=fields.get("position"),
        actor=actor(request),
        now=request.now,
    )
    return Response({"message": "Image uploaded", "image": _shown(image)}, status=201)


@routes.patch("/api/products/{product}/images/{image}", role=Role.ADMIN)
def patch_image(request: Request) -> dict[str, Any]:
    """A new place or a new description of an image."""
    from catalog.schemas import ImageFields

    product_id, image_id = path_id(request, "product"), existing_id(request, "image", "Image")
    image = image_of(live_product(product_id), image_id)
    wanted = changed_fields(request, ImageFields, image_json(image, is_primary=False))
    if wanted:
        image = update_image(product_id, image_id, wanted, actor(request), request.now)
    return {"message": "Image updated", "image": _shown(image)}


@routes.delete("/api/products/{product}/images/{image}", role=Role.ADMIN)
def delete(request: Request) -> dict[str, Any]:
    """Removes an image and its file."""
    product_id, image_id = path_id(request, "product"), existing_id(request, "image", "Image")
    delete_image(product_id, image_id, actor(request), request.now)
    return {"message": "Image deleted"}


@routes.get("/api/products/{product}/upload-url", role=Role.ADMIN)
def get_upload_url(request: Request) -> dict[str, Any]:
    """Where a browser may put a picture that is too large for a request to the shop itself."""
    product = live_product(path_id(request, "product"))
    return upload_address(image_folder(product.id), request.arg("content_type", DEFAULT_CONTENT_TYPE))


@routes.get(ADMIN_IMAGES, role=Role.ADMIN)
def get_all(request: Request) -> dict[str, Any]:
    """The images of a product by position; none of a product that is not there."""
    try:
        return {"images": images_json(live_product(path_id(request, "product")))}
    except NotFound:
        return {"images": []}


routes.post(ADMIN_IMAGES, role=Role.ADMIN)(refusing_with_400(post_image))
routes.patch(f"{ADMIN_IMAGES}/{{image}}", role=Role.ADMIN)(refusing_with_400(patch_image))
routes.delete(f"{ADMIN_IMAGES}/{{image}}", role=Role.ADMIN)(delete)


def _shown(image: Image) -> dict[str, Any]:
    product = live_product(image.product_id)
    first = product.images[0].id if product.images else None
    return image_json(image_of(product, image.id), is_primary=image.id == first)
