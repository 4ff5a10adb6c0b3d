"""Which SKU is sold as what on a channel: linked by SKU, or by an administrator's hand."""
