"""Route of the report of taxes."""

from common.csv_files import CONTENT_TYPE, MEDIA_TYPE
from common.errors import InvalidInput
from common.http import Document, Request, Response, Role, Routes

FORMATS = ("json", "csv")

routes = Routes("orders")


@routes.get(
    "/api/admin/reports/oss",
    role=Role.ADMIN,
    query=("quarter", "format"),
    answer="TaxReport",
    media_types=(MEDIA_TYPE,),
)
def get_oss(request: Request) -> Response:
    """The taxes of a quarter by country and rate, as the one-stop shop asks for them, tied to all orders.

    `format` is json (the default) or csv.
    """
    from orders.quarters import quarter_in
    from orders.tax_report import tax_report
    from orders.tax_report_views import report_csv, report_json

    wanted = request.choice("format") or FORMATS[0]
    if wanted not in FORMATS:
        raise InvalidInput.of_field("format", f"must be one of {', '.join(FORMATS)}")
    report = tax_report(quarter_in(request.arg("quarter")))
    if wanted == "json":
        return Response(report_json(report))
    name = f'attachment; filename="oss-{report.quarter.name}.csv"'
    return Response(Document(report_csv(report), CONTENT_TYPE), headers={"Content-Disposition": name})
