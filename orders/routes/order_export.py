"""Route by which orders are had as a file."""

from common.csv_files import CONTENT_TYPE, MEDIA_TYPE
from common.http import Document, Request, Response, Role, Routes
from orders.routes.order_arguments import ORDER_FILTERS, order_filters

routes = Routes("orders")


@routes.get(
    "/api/admin/orders/export",
    role=Role.ADMIN,
    query=ORDER_FILTERS,
    media_types=(MEDIA_TYPE,),
    refuses=(409,),
)
def get_export(request: Request) -> Response:
    """Orders as CSV, one row for each line, the oldest first; the filters are those of the list."""
    # A file is a rare thing, and its module costs start-up time.
    from orders.csv_export import answerable_file

    text = answerable_file(order_filters(request))
    name = f'attachment; filename="orders-{request.now:%Y-%m-%d}.csv"'
    return Response(Document(text, CONTENT_TYPE), headers={"Content-Disposition": name})
