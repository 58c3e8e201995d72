"""The verbs of ``xianjie export``, and what they call the columns."""
