"""What carbonspec asks of git and sets in a repository."""
