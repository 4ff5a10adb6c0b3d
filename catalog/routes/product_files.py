"""Routes of files of products: exporting them, and importing them with a dry run first."""

from typing import Any

from common.csv_files import CONTENT_TYPE, MEDIA_TYPE
from common.errors import InvalidInput
from common.http import Document, Request, Response, Role, Routes
from common.http.declared_bodies import upload

EXPORT = "/api/admin/products/export"
IMPORT = "/api/admin/products/import"

routes = Routes("catalog")


@routes.get(EXPORT, role=Role.ADMIN, query=("after",), media_types=(MEDIA_TYPE,), refuses=(409,))
def get_export(request: Request) -> Response:
    """The shop's own products as CSV, one row for each variant.

    All of them, or with `after`, the id of a product or 0, those behind it in part: then `Link` says where
    the next part is.
    """
    # Here and below: files are a rare thing, and their modules cost start-up time.
    from catalog.product_files.export import answerable_file, file_part

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


@routes.post(IMPORT, role=Role.ADMIN, body=upload(), answer="ProductDryRun")
def post_import(request: Request) -> dict[str, Any]:
    """A dry run of a CSV file, sent as multipart form: what it would do, or what is wrong with it.

    Nothing of the shop is changed. A file that fits has an `import`, by which it is carried out.
    """
    from catalog.product_files.dry_run_views import dry_run_json
    from catalog.product_files.imports import dry_run

    data = request.multipart().file("file").data
    return dry_run_json(dry_run(data, request.actor, request.now))


@routes.get(f"{IMPORT}/{{import}}", role=Role.ADMIN, answer="ProductImport")
def get_import(request: Request) -> dict[str, Any]:
    """How far an import is."""
    from catalog.product_files.imports import find_import, progress_json

    return progress_json(find_import(request.params["import"], request.now))


@routes.post(f"{IMPORT}/{{import}}/apply", role=Role.ADMIN, answer="ProductImport")
def post_apply(request: Request) -> dict[str, Any]:
    """Carries an import on for at most 20 seconds; ask again until its `state` is `done`.

    409 when the shop was changed since the dry run, 503 while another import runs.
    """
    from catalog.product_files.imports import apply_import, progress_json

    return progress_json(apply_import(request.params["import"], request.actor, request.now))
