"""Grade one notebook in this process: `python -m gradekit.worker`; see `worker`."""

import os
import sys

from gradekit.worker.worker import main

if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # the report is out; taking torch apart takes time and helps nobody
