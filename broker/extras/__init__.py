"""Extra days: beyond the total that was approved, once both authorities agree."""
