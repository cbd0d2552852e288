"""`mediate`: paths, effects, what the bootstrap draws."""
