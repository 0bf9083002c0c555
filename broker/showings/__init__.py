"""What leaves a partnership about an authority: that authority reads it first."""
