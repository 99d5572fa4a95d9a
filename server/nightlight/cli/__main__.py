"""`python -m nightlight.cli`, where the command `nightlight` is not on the path."""

from nightlight.cli import main

main()
