"""What is wrong with a line that does not parse: one function a mistake."""
