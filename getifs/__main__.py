"""`python -m getifs`."""

import sys

from ._cli.main import main

sys.exit(main())
