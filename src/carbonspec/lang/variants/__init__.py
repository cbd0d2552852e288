"""Variants: a spec that extends another one, from the chain of files to one tree."""
