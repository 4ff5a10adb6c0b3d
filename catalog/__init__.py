"""The catalogue: products with their variants and images, and the tree of categories."""
