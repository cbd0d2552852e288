"""A starter spec proposed from data files."""
