"""Break the program on purpose, one line at a time, and demand that a named test notices.

    python tools/mutants.py [FOLDER ...]     all of tests/*/mutants.toml, or those folders'

A mutant is an entry `[[mutant]]` of a `mutants.toml` beside the tests: `file`, the text
`old` that stands in it exactly once, the text `new` that takes its place, and the `test`
that must fail then. The file is put back whatever happens. Exits 1 if one survives.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def survives(mutant: dict[str, str]) -> bool:
    """Whether the named test passes although the program is wrong."""
    path = ROOT / mutant["file"]
    text = path.read_text(encoding="utf-8")
    if text.count(mutant["old"]) != 1:
        sys.exit(f"{mutant['file']}: {mutant['old']!r} does not stand there exactly once.")
    command = [sys.executable, "-m", "pytest", "-q", "-x", mutant["test"]]
    try:
        path.write_text(text.replace(mutant["old"], mutant["new"]), encoding="utf-8")
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    finally:
        path.write_text(text, encoding="utf-8")


def main(folders: list[str]) -> int:
    """Print each mutant with what became of it."""
    pattern = [ROOT / "tests" / folder / "mutants.toml" for folder in folders]
    alive = count = 0
    for path in pattern or sorted((ROOT / "tests").glob("*/mutants.toml")):
        for mutant in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]:
            count += 1
            alive += (lives := survives(mutant))
            print(
                f"{'SURVIVES' if lives else 'killed':<9} {mutant['file']}: {mutant['new'].strip()}"
            )
            print(f"          {mutant['test']}", flush=True)
    print(f"{count} mutants, {alive} survive")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
