"""Pure decisions: given the state, when a command comes in, then these events, or a refusal."""
