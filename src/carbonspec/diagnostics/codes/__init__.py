"""What can be wrong: every code with its why and its fix."""
