"""The commands, one file for each noun; none imports another, and none is imported before it is run."""
