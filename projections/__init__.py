"""The read side: append-only fact tables mapped from events, and reports selected from them."""
