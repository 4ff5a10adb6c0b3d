"""What AWS asks for DynamoDB: tables of the class Standard with on-demand capacity.

The prices are those of us-east-1 (N. Virginia) since 1 November 2024, in US dollars
(https://aws.amazon.com/dynamodb/pricing/on-demand/); each region has its own.
"""

from decimal import Decimal

REGION = "us-east-1"
WRITE_PRICE = Decimal("0.625")
"""For a million write request units."""
READ_PRICE = Decimal("0.125")
"""For a million read request units."""
