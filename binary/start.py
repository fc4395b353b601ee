"""Where the program begins when it is one file."""

import sys

from draftmill.__main__ import main

sys.exit(main())
