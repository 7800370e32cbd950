"""Measure the program the same way at two times: `python tools/measure.py [FOLDER]`.

Prints lines, files, the longest file and function, vague names for 1,000 lines, comments
for 100 lines of code, and the share of private functions that are called from one place.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from pathlib import Path

# Names that repeat no noun: which found, one of what, given by whom?
VAGUE = {
    "found", "one", "given", "known", "wanted", "told", "said", "seen", "made", "asked",
    "kept", "left", "rest", "what", "who", "how", "here", "there", "now", "then", "them",
    "theirs", "ours", "mine", "both", "together", "many", "few", "much", "thing", "things",
    "it", "other", "others", "new", "old", "ready", "done", "begun", "shown", "put", "got",
    "took", "taken", "way", "place", "part", "parts", "whole",
}  # fmt: skip
DATA = ("author/new", "templates/new", "attacks")


def names(tree: ast.Module) -> list[str]:
    """Return every local name that is bound: assigned, looped over, or a parameter."""
    bound: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.append(node.id)
        elif isinstance(node, ast.arg):
            bound.append(node.arg)
    return bound


def main(folder: Path) -> None:
    """Print the measurements of the Python files below a folder."""
    paths = [
        path for path in sorted(folder.rglob("*.py"))
        if not any(part in path.as_posix() for part in DATA)
    ]  # fmt: skip
    lines = code = comments = vague = 0
    functions: list[tuple[int, str]] = []
    private: list[str] = []
    words: Counter[str] = Counter()
    longest = (0, "")
    for path in paths:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        lines += len(text.splitlines())
        longest = max(longest, (len(text.splitlines()), path.name))
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        comments += sum(token.type == tokenize.COMMENT for token in tokens)
        code += len({token.start[0] for token in tokens if token.type not in (
            tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER,
            tokenize.INDENT, tokenize.DEDENT)})  # fmt: skip
        vague += sum(name.lstrip("_") in VAGUE for name in names(tree))
        words.update(re.findall(r"\w+", text))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                functions.append((node.end_lineno - node.lineno + 1, node.name))
                if node.name.startswith("_") and not node.name.startswith("__"):
                    private.append(node.name)
    once = sum(words[name] == 2 for name in private)
    print(f"files                                   {len(paths)}")
    print(f"lines                                   {lines}")
    print(f"longest file                            {longest[0]} ({longest[1]})")
    print(f"longest function                        {max(functions)[0]} ({max(functions)[1]})")
    print(f"vague names for 1,000 lines             {1000 * vague / lines:.1f}")
    print(f"comments for 100 lines of code          {100 * comments / code:.1f}")
    print(f"private functions                       {len(private)}")
    print(f"  of them called from one place         {once} ({once / len(private):.0%})")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "gradekit"))
