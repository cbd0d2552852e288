"""Measures: what the spec says of one → a call of the library → a column and what was found on the way."""
