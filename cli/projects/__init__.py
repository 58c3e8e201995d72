"""The verbs of ``xianjie project``."""
