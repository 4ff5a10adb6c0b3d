"""What search engines and shopping feeds read of the catalogue: sitemap, Google Merchant feed, JSON-LD."""
