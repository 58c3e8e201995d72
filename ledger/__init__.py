"""Facts of the world and the rules for recording them: events, decisions and the append-only log."""
