"""One's own ways of signing in: password, second step, recovery codes, sessions, history."""
