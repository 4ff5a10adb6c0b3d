"""Accounts by command: who there is, who may do what, and how somebody gets in who cannot."""
