"""Grade one notebook in this process: `python -m gradekit.worker`; see `worker`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from gradekit.core.job import Limits
from gradekit.worker.kernel import fork_server
from gradekit.worker.live import LiveAnswers
from gradekit.worker.process import begin, options, private_output
from gradekit.worker.recording import Recorder
from gradekit.worker.worker import Worker


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade one submission and print its outcome."""
    report = private_output()
    server = fork_server.start_if_requested()  # which forks before the first secret is read
    chosen = options(arguments)
    bundle = begin(chosen)
    cells = json.loads(chosen.submission.read_bytes())["cells"]
    limits = Limits.from_json(json.loads(chosen.limits))
    recorder = Recorder(chosen.recording)
    answers = LiveAnswers(bundle, cells, limits, chosen.isolation, server=server, recorder=recorder)
    worker = Worker(bundle, cells, answers, chosen.seed, limits)
    with report:
        json.dump(worker.outcome().to_json(), report)
    recorder.close(bundle, chosen.seed)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # the report is out; taking torch apart takes time and helps nobody
