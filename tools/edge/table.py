"""The routing table: patterns of paths and the domains that answer them, read from above.

CloudFront's patterns: `*` stands for any characters, slashes too, and the first pattern that fits decides.
A pattern never has anything behind its star, so no slug, SKU or code of a path can make another one fit.
"""

from dataclasses import dataclass

# Behaviours of a distribution, the default among them, before a quota has to be raised ("Cache behaviors per
# distribution").
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST_BEHAVIOURS = 75


@dataclass(frozen=True)
class Rule:
    """A pattern and its domain; `kept` where answers may be kept for a while, as far as they say so."""

    pattern: str
    domain: str
    kept: bool = False

    def fits(self, path: str) -> bool:
        """Whether the rule is for a path, given without its query."""
        if self.pattern.endswith("*"):
            return path.startswith(self.pattern[:-1])
        return path == self.pattern


RULES = (
    Rule("/api/products*", "catalog", kept=True),
    Rule("/api/categories*", "catalog", kept=True),
    Rule("/sitemap*", "catalog", kept=True),
    Rule("/feeds/*", "catalog", kept=True),
    Rule("/api/variants*", "catalog"),
    Rule("/api/shop/products*", "catalog", kept=True),
    Rule("/api/shop/categories*", "catalog", kept=True),
    Rule("/api/personaggi*", "content", kept=True),
    Rule("/api/fumetti*", "content", kept=True),
    Rule("/uploads/*", "content", kept=True),
    Rule("/api/upload/*", "content"),
    Rule("/api/cart*", "orders"),
    Rule("/api/orders*", "orders"),
    Rule("/api/discounts/*", "orders"),
    Rule("/api/webhooks/payment", "orders"),
    Rule("/certificates/*", "orders"),
    Rule("/papers/*", "orders"),
    Rule("/api/shop/health", "shop"),
    Rule("/api/shop/*", "orders"),
    Rule("/api/auth/*", "shop"),
    Rule("/health", "shop"),
    Rule("/api/health", "shop"),
    Rule("/api/creator/analytics", "shop"),
    Rule("/api/creator/*", "catalog"),
    Rule("/api/creators*", "catalog", kept=True),
    Rule("/api/users*", "shop"),
    Rule("/api/enterprises*", "shop"),
    Rule("/api/analytics/*", "shop"),
    Rule("/studio*", "shop", kept=True),
    Rule("/api/admin/shop/orders*", "orders"),
    Rule("/api/admin/shop/*", "catalog"),
    Rule("/api/admin/categories*", "catalog"),
    Rule("/api/admin/creators*", "catalog"),
    Rule("/api/admin/products*", "catalog"),
    Rule("/api/admin/upload-image", "catalog"),
    Rule("/api/admin/discounts*", "orders"),
    Rule("/api/admin/editions/*", "orders"),
    Rule("/api/admin/orders*", "orders"),
    Rule("/api/admin/withdrawals*", "orders"),
    Rule("/withdrawal*", "orders"),
    Rule("/api/admin/papers*", "orders"),
    Rule("/api/admin/selling-terms*", "orders"),
    Rule("/api/admin/vat-numbers/*", "orders"),
    Rule("/api/admin/reports/*", "orders"),
    Rule("/api/admin/integrations/*", "etsy_sync"),
    Rule("/api/admin/*", "shop"),
)
# Everything else: stock, channels, their webhooks, and what no domain has.
DEFAULT = Rule("*", "etsy_sync")

DOMAINS = tuple(dict.fromkeys(rule.domain for rule in (*RULES, DEFAULT)))


def rule_for(path: str) -> Rule:
    """The rule for a path; one that no route has is answered 404 by the domain of its rule."""
    return next((rule for rule in RULES if rule.fits(path)), DEFAULT)
