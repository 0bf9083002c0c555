"""Links that work once: to accept an invitation, or to choose a new password."""
