"""Taking in files that offices send: a file in, commands or located problems out. Imported only when used.

The way of a file, in one direction: ``source`` (its bytes, read once) → ``reader`` (cells, whatever the format) →
``heads`` (which row is the head, what its columns mean, in which unit, by which profile) → ``opening`` (the sheet that
is meant) → ``screening`` (rows that are no entries), ``filling`` (merged cells), ``values`` (cells read by their
columns) → ``reading`` (commands, with every problem at its file, sheet, Excel row and column letter), ``totals`` (the
sheet's own sums). ``inspection`` shows the same without commands; ``kinds`` says what each kind of sheet consists of.
"""
