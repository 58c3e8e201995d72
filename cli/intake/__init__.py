"""Taking in files that offices send: CSV and XLSX in, commands or located problems out. Imported only when used."""
