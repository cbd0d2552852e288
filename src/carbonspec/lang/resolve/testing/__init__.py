"""`test`: what is tested, how, and which of its numbers a claim cites."""
