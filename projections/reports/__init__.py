"""The reports: one file each, a select over the facts and a typed row."""
