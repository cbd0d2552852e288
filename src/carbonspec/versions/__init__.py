"""Versions of a spec: which texts a comparison means, what each of them reads, and the comparison itself.

A version is a file, or a file of a git revision. A revision is read through a folder made for the purpose, in which its
specs and the data it tracks lie as they were (`git/snapshot.py`); data that it does not track are the work tree's.
"""
