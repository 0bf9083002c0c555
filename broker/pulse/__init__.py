"""The staff pulse: asked by link, answered without a trace, read together or not at all."""
