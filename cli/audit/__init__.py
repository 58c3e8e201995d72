"""The verbs of ``xianjie audit``."""
