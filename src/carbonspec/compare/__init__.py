"""What changed between two versions of a spec, and what the changes reach. Runs nothing."""
