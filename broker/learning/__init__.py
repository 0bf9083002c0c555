"""What the sector learns from what receivers said, and never who said it."""
