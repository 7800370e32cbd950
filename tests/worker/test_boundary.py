"""Real notebooks in real sandboxes: what students' code may cost, and what it may not.

Each case puts one piece of code in the place of the first answer of a small notebook.
The second answer does not depend on it, so it shows whether the rest went on. What
holds in both sandboxes is tried in both.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from gradekit.author.build import Built
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome, QuestionMark, Verdict
from gradekit.sandbox.docker import DockerSandbox
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.prepare import prepare_bundle
from gradekit.sandbox.sandbox import Sandbox

REPOSITORY = Path(__file__).parents[2]
LIMITS = Limits(cell_seconds=5, call_seconds=3, check_seconds=6, total_seconds=120)
PEAK = "position_of_peak = int(np.argmax(np.convolve(pulse, np.ones(15), 'valid')))"


@pytest.fixture(scope="module")
def built(averages: Built) -> Path:
    return averages.root


def notebook(built: Path, answer: str) -> bytes:
    """Return the solved notebook with another first answer, and a second that stands alone."""
    data = json.loads((built / "solutions" / "averages.ipynb").read_text("utf-8"))
    new = {"average": answer, "peak": PEAK}
    cells = [
        {"id": c["id"], "cell_type": c["cell_type"],
         "source": new.get(c["id"], "".join(c["source"]))}
        for c in data["cells"]
    ]  # fmt: skip
    return json.dumps({"cells": cells}).encode()


class Grades:
    """What notebooks earn; those that the selected tests will ask for are graded two at a time."""

    def __init__(self, sandbox: Sandbox, built: Path, soon: list[str]) -> None:
        self._sandbox, self._built = sandbox, built
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._outcomes = {answer: self._pool.submit(self._grade, answer) for answer in soon}

    def __call__(self, answer: str) -> Outcome:
        if answer not in self._outcomes:
            return self._grade(answer)
        return self._outcomes[answer].result()

    def close(self) -> None:
        """Wait for what runs."""
        self._pool.shutdown(cancel_futures=True)

    def _grade(self, answer: str) -> Outcome:
        job = Job(notebook=notebook(self._built, answer), seed="5eed", limits=LIMITS)
        return self._sandbox.grade(job)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[getattr(pytest.mark, name), pytest.mark.remembered("boundary")])
        for name in ("bubblewrap", "docker")
    ],
)
def grade(
    request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grades]:
    ready = prepare_bundle(built / "autograder", tmp_path_factory.mktemp("cache"))
    shutil.copy(REPOSITORY / "autograder" / "requirements.txt", ready)  # one image for all tests
    sandbox: Sandbox = (
        LocalSandbox(ready, "bubblewrap") if request.param == "bubblewrap" else DockerSandbox(ready)
    )
    cases = (getattr(item, "callspec", None) for item in request.session.items)
    soon = [
        case.params["answer"]
        for case in cases
        if case and "answer" in case.params and case.params.get("grade") == request.param
    ]
    grades = Grades(sandbox, built, soon)
    yield grades
    grades.close()


def question(outcome: Outcome, name: str) -> QuestionMark:
    return next(question for question in outcome.questions if question.name == name)


RIGHT = "def moving_average(x, width): return np.convolve(x, np.ones(width) / width, 'valid')"


def test_a_right_answer_earns_everything(grade: Grades) -> None:
    """Isolation costs an honest answer nothing."""
    assert sum(question.points or 0 for question in grade(RIGHT).questions) == 10.0


FORGERIES = {
    "an object that equals everything": """
class Y:
    __eq__ = lambda self, other: True
    __bool__ = lambda self: True
    __iter__ = lambda self: iter([self] * 3)
def moving_average(x, width): return Y()""",
    "an array that equals everything": """
class Y(np.ndarray):
    __eq__ = lambda self, other: np.array(True)
def moving_average(x, width): return np.zeros(3).view(Y)""",
    "patched comparisons": """
import numpy.testing
np.allclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
def moving_average(x, width): return np.zeros(len(x) - width + 1)""",
    "an agent that says yes to everything": """
import sys
yes = [b'{"dict": [["value", true], ["printed", ""]]}']
sys.modules["gradekit_agent"].Agent.answer = lambda self, frames: yes""",
    "an agent whose answers are nested too deeply": """
import sys
sys.modules["gradekit_agent"].Agent.answer = lambda self, frames: [b"[" * 100000]""",
    "frames searched for the expected value": """
import gc, sys
def moving_average(x, width):
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if getattr(value, "shape", None) == (len(x) - width + 1,): return value
        frame = frame.f_back
    return [0.0] * (len(x) - width + 1)""",
    "a result on standard output and the way out": """
import json, os
print(json.dumps({"questions": [{"name": "moving_average", "points": 6}]}), flush=True)
os._exit(0)""",
    "a reply of success from a kernel that is gone": """
import os
k = get_ipython().kernel
k.session.send(k.iopub_socket, "status", {"execution_state": "idle"})
os.kill(os.getpid(), 9)""",
}


@pytest.mark.parametrize("answer", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_earns_nothing(grade: Grades, answer: str) -> None:
    """No point for the question, and no failure of ours either."""
    marks = question(grade(answer), "moving_average").checks
    assert [mark.points for mark in marks] == [0.0] * 4
    assert all(mark.message for mark in marks)


COSTLY = {
    "a loop": "while True: pass",
    "a loop that ignores interrupts": """
def again():
    while True:
        try:
            while True: pass
        except BaseException: continue
while True:
    try: again()
    except BaseException: continue""",
    "a stopped process": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "an exit": "import os; os._exit(0)",
    "memory": "a = []\nwhile True: a.append(bytearray(b'1') * (1 << 26))",
    "memory that is kept after a MemoryError": """
a = []
try:
    while True: a.append(bytearray(1 << 26))
except MemoryError: pass""",
    "forks": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "output": "while True: print('x' * 100000)",
    "an answer that ends the kernel when it is called": """
import os
def moving_average(x, width): os._exit(0)""",
    "an answer that never returns": """
def moving_average(x, width):
    while True: pass""",
    "an exception whose text never ends": """
class E(Exception):
    def __str__(self):
        while True: pass
def moving_average(x, width): raise E""",
}


@pytest.mark.parametrize("answer", COSTLY.values(), ids=COSTLY)
def test_what_never_ends_costs_only_its_own_question(grade: Grades, answer: str) -> None:
    """The question behind it keeps its points."""
    outcome = grade(answer)
    assert question(outcome, "moving_average").points == 0.0
    assert question(outcome, "peak").points == 4.0


def test_a_stopped_check_says_so(grade: Grades) -> None:
    """Stopped is not failed: the student learns that it took too long."""
    code = "def moving_average(x, width):\n    while True: pass"
    first = question(grade(code), "moving_average").checks[0]
    assert first.verdict is Verdict.STOPPED
    assert "took too long" in first.message


HARMLESS = {
    "SystemExit": "raise SystemExit",
    "another folder": "import os; os.chdir('/tmp')",
    "names of builtins used up": "open = list = str = print = type = 3",
    "a syntax error": "def broken(:",
    "a question to the reader": "input('Your name?')",
    "magics": "%matplotlib inline\n!ls /nowhere",
}


@pytest.mark.parametrize("answer", HARMLESS.values(), ids=HARMLESS)
def test_an_innocent_slip_costs_nothing_else(grade: Grades, answer: str) -> None:
    """Each of these zeroes a whole notebook elsewhere."""
    assert question(grade(answer), "peak").points == 4.0


LOOK = """
import os, socket, pathlib
def tried(what):
    try: return str(what())
    except Exception as error: return type(error).__name__
parent = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("PPid"))
seen = {
    "uid": os.getuid(),
    "hidden": [str(p) for p in pathlib.Path("/autograder").rglob("*") if "reference" in p.name],
    "source": tried(lambda: os.listdir("/autograder/source")),
    "results": tried(lambda: os.listdir("/autograder/results")),
    "environment": tried(lambda: open(f"/proc/{parent}/environ").read()),
    "descriptors": tried(lambda: os.listdir(f"/proc/{parent}/fd")),
    "memory": tried(lambda: open(f"/proc/{parent}/mem", "rb")),
    "signal": tried(lambda: os.kill(parent, 0)),
    "network": tried(lambda: socket.create_connection(("192.0.2.1", 9), 2)),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "root": tried(lambda: open("/written", "w")),
    "scans": tried(lambda: __import__("importlib").util.find_spec("sklearn.datasets")
                   and os.listdir(os.path.dirname(__import__("sklearn").__file__) + "/datasets")),
    "variables": sorted(os.environ),
}
def moving_average(x, width): raise ValueError(__import__("json").dumps(seen))
"""


def test_the_students_user_sees_nothing_of_ours(grade: Grades) -> None:
    """Checks, holdout, results, environment, descriptors and network are out of reach."""
    message = question(grade(LOOK), "moving_average").checks[0].message
    seen = json.loads(message[message.index("{") : message.rindex("}") + 1])
    assert seen["uid"] != os.getuid()
    assert seen["hidden"] == []
    assert seen["interfaces"] == ["lo"]
    for place in ("source", "results", "environment", "descriptors", "memory", "signal", "network",
                  "root"):  # fmt: skip
        assert seen[place].endswith(("Error", "Unreachable")), (place, seen[place])
    assert seen["scans"] in ("None", "[]", "False", "ModuleNotFoundError")
    assert not [name for name in seen["variables"] if "SECRET" in name or "GRADEKIT" in name]


def test_hidden_checks_show_only_what_their_author_wrote(grade: Grades) -> None:
    """An exception could carry a hidden input to the student; its text is not shown."""
    code = "def moving_average(x, width): raise ValueError('INPUT ' + repr(x))"
    marks = question(grade(code), "moving_average").checks
    assert all("INPUT" in mark.message for mark in marks if not mark.hidden)
    assert not any("INPUT" in mark.message for mark in marks if mark.hidden)


def test_the_processes_of_all_cases_are_gone(grade: Grades) -> None:
    """Whatever a case did, nothing of it goes on when its notebook is graded."""
    grade(COSTLY["forks"])
    left = [p for p in psutil.Process().children(recursive=True) if p.status() != "zombie"]
    assert not [p for p in left if "bwrap" in p.name() or "gradekit.worker" in p.cmdline()]


@pytest.mark.bubblewrap
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become an ordinary user")
def test_an_ordinary_user_grades_alike(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Without any right of root's, in a user namespace; below a home that others cannot enter."""
    script = (
        "import os, sys, json, pathlib\n"
        "from gradekit.sandbox import LocalSandbox\n"
        "from gradekit.core.job import Job, Limits\n"
        "os.setgroups([]); os.setgid(64123); os.setuid(64123)\n"
        "import tempfile; tempfile.tempdir = sys.argv[3]\n"
        "job = Job(notebook=pathlib.Path(sys.argv[2]).read_bytes(), seed='00', limits=Limits())\n"
        "o = LocalSandbox(pathlib.Path(sys.argv[1]), 'bubblewrap').grade(job)\n"
        "print(os.getuid(), sum(q.points for q in o.questions))\n"
    )
    home = tmp_path_factory.mktemp("home")
    ready = prepare_bundle(built / "autograder", home / "cache")
    (home / "notebook.json").write_bytes(notebook(built, RIGHT))
    subprocess.run(["chown", "-R", "64123:64123", str(home)], check=True)
    run = subprocess.run(
        [sys.executable, "-c", script, str(ready), str(home / "notebook.json"), str(home)],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    if "Permission denied" in run.stderr and not run.stdout:
        pytest.skip("AN ORDINARY USER CANNOT ENTER THE INTERPRETER'S FOLDER ON THIS MACHINE")
    assert run.stdout.split() == ["64123", "10.0"], run.stderr
