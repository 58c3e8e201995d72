"""Red flags (疑点): what the facts say of each subject, and the pure checks that look at it."""
