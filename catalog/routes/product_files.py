"""Routes of files of products: exporting them, and importing them with a dry run first."""

from catalog.product_files.export import answerable_file, file_part
from common.csv_files import CONTENT_TYPE, MEDIA_TYPE
from common.errors import InvalidInput
from common.http import Document, Request, Response, Role, Routes

EXPORT = "/api/admin/products/export"

routes = Routes("catalog")


@routes.get(EXPORT, role=Role.ADMIN, query=("after",), media_types=(MEDIA_TYPE,), refuses=(409,))
def get_export(request: Request) -> Response:
    """The shop's own products as CSV, one row for each variant.

    All of them, or with `after`, the id of a product or 0, those behind it in part: then `Link` says where
    the next part is.
    """
    name = f'attachment; filename="products-{request.now:%Y-%m-%d}.csv"'
    headers = {"Content-Disposition": name}
    after = request.arg("after")
    if not after:
        return Response(Document(answerable_file(request.now), CONTENT_TYPE), headers=headers)
    if not (after.isascii() and after.isdigit() and len(after) < 16):
        raise InvalidInput.of_field("after", "must be the id of a product, or 0")
    part = file_part(request.now, int(after))
    if part.following is not None:
        headers["Link"] = f'<?after={part.following}>; rel="next"'
    return Response(Document(part.text, CONTENT_TYPE), headers=headers)
