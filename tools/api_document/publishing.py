"""Puts the document and its page into a bucket, where the CDN before it serves them below `docs/`."""

from typing import TYPE_CHECKING

from common.http.responses import JSON
from tools.api_document.docs_page import INDEX, PageFile, page_files
from tools.api_document.document import api_document, document_text

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER, DOCUMENT = "docs/", "openapi.json"

# A release changes them under the same names.
CACHE_CONTROL = "public, max-age=300"


def publish_document(client: "S3Client", bucket: str, server: str) -> list[str]:
    """Writes the page and the document of all domains; gives the keys, the page itself last.

    `server` is the URL by which the API answers, stage included, which trying an operation out calls.
    Written again they are the same. Whatever S3 refuses is raised as botocore's ClientError.
    """
    document = document_text(api_document(server=server))
    files = {DOCUMENT: PageFile(JSON, document.encode()), **page_files(DOCUMENT)}
    # The page comes last: whoever opens it meanwhile finds what it names.
    keys = sorted((f"{FOLDER}{name}" for name in files), key=lambda key: (key.endswith(INDEX), key))
    for key in keys:
        file = files[key.removeprefix(FOLDER)]
        client.put_object(
            Bucket=bucket,
            Key=key,
            Body=file.data,
            ContentType=file.content_type,
            CacheControl=CACHE_CONTROL,
        )
    return keys
