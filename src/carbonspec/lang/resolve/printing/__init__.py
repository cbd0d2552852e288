"""`table` and `figure`: what is printed, and how."""
