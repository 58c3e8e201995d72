"""The demonstration: published figures taken in and compared, and a synthetic county-year recorded from end to end."""
