"""The proof that everything arrived."""
