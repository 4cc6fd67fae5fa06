"""`python -m podprep`: the same as the command `podprep`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
