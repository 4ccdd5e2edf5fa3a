"""`python -m stance.cli` is `stance`."""

from stance.cli import main

main()
