"""The verbs of ``xianjie export``, one to a file."""
