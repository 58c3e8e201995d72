"""The reports on the command line: one file for each, taking the question and printing the answer."""
