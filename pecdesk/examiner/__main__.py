"""What `python -m pecdesk.examiner` runs: the helper's side."""

import sys

from pecdesk.examiner.child import main

if __name__ == "__main__":
    sys.exit(main())
