"""`python -m carbonspec`."""

from carbonspec.cli import script

script()
