"""Measurements as ratios: each case and its peer run in the same process tree, alternating, medians of the rounds."""
