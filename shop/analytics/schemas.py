"""What pages may say of their visitors."""

from marshmallow import fields

from common.http.fields import Id, Text
from common.http.validation import Schema

LONGEST_ID = 64


class Metadata(Schema):
    """Where the visitor comes from; what is not said is taken from the request."""

    user_agent = Text(4096, allow_none=True, data_key="userAgent")
    referrer = Text(8192, allow_none=True)
    location = Text(1024, allow_none=True)


class PageView(Schema):
    """That a page of a creator was looked at."""

    creator_id = Text(LONGEST_ID, shortest=1, required=True, data_key="creatorId")
    metadata = fields.Nested(Metadata, allow_none=True)


class ProductEvent(PageView):
    """That a product of a creator was looked at, or its affiliate link followed."""

    product_id = Id(required=True, data_key="productId")
