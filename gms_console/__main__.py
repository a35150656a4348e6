"""`python -m gms_console` is the command `gms-console`."""

import sys

from gms_console.cli import main

if __name__ == "__main__":
    sys.exit(main())
