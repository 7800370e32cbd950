"""Let `python -m gradekit` be the command line."""

import sys

from gradekit.cli import main

sys.exit(main())
