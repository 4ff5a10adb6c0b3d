"""The old shop's uploaded files, copied to S3."""
