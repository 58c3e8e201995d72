"""How each kind of event becomes facts: one file for each subject, one small function for each shape of rows."""
