"""The published cases: one file each, commands that record the figures and checks that compare them."""
