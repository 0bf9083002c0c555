"""Who holds which role, who is invited to one, and until when."""
