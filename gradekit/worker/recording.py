"""What the student's side answered to the checks, kept so that it need not be asked again.

A recording is one file. The worker writes it while it grades: for each check the
probes in order, each as a digest, and what came back; which cells had to be stopped;
the marks. Equal frames are stored once: a network's weights are fetched by many
checks. Frames go to the disk as they come, so that a recording costs no memory, and
are compressed only where that helps, because trained weights do not get smaller.

The answers are the student's: whoever reads them treats them as the kernel's own, by
`values.decode`. Nothing in the file is believed before its digest was compared, and a
file that is damaged, cut off or made up is an `UnusableError`: that submission needs a
sandbox, as one does whose answers were too many to be kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from gradekit.core.bundle import Bundle, Question, contents_digest
from gradekit.core.marks import Mark
from gradekit.worker.kernel import Answering, Ended, UnansweredError

MAGIC = b"gradekit recording 1\n"
FOOTER = struct.Struct(">Q32s")  # of the index: its length, its SHA-256
MAX_BYTES = 64 << 20  # of answers to one submission's checks, equal frames counted once
MAX_EXCHANGES = 50_000
MAX_INDEX_BYTES = 32 << 20
SAMPLE = 4096  # bytes that tell whether a frame gets smaller
WORTH_IT = 0.7
TOO_LARGE = f"its answers are more than the {MAX_BYTES >> 20} MiB that are kept"
DAMAGED = (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError,
           OverflowError, MemoryError, struct.error, zlib.error)  # fmt: skip


class UnusableError(Exception):
    """A recording cannot answer; its text is a reason for people."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One probe, by its digest, and the places of the frames of its answer, or why none came."""

    probe: str
    answer: tuple[int, ...] | Ended


@dataclass(frozen=True, slots=True)
class RecordedCheck:
    """What one check asked. `late` is None if it was asked, else whether time was over."""

    name: str
    late: bool | None
    ended: Ended | None
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class RecordedQuestion:
    """Where a question was graded, by which checks (`digest`), and what it earned."""

    name: str
    place: int
    digest: str
    checks: tuple[RecordedCheck, ...]
    marks: tuple[Mark, ...]


def probe_digest(frames: Sequence[Any]) -> str:
    """Return the digest of a probe, its division into frames included."""
    total = hashlib.sha256()
    for frame in frames:
        total.update(struct.pack(">Q", len(frame)))
        total.update(frame)
    return total.hexdigest()


def question_digest(bundle: Bundle, question: Question) -> str:
    """Return a digest of a question's checks and of all that the manifest says of it."""
    text = (bundle.folder / "tests" / f"{question.name}.py").read_bytes()
    return hashlib.sha256(repr(question).encode() + b"\0" + text).hexdigest()


class Recorder:
    """Writes the recording of one submission; without a path it lets everything pass."""

    def __init__(self, path: Path | None = None) -> None:
        self._file: IO[bytes] | None = None
        self._dropped = ""
        self._places: dict[bytes, int] = {}  # digest of a frame -> its place in the table
        self._table: list[list[Any]] = []
        self._bytes = self._exchanges = 0
        self._checks: list[dict[str, Any]] = []
        self._questions: list[dict[str, Any]] = []
        self._stops: list[list[Any]] = []
        if path is not None:
            with contextlib.suppress(OSError):  # without room there is no recording
                self._file = path.open("wb")
                self._file.write(MAGIC)

    def over(self, kernel: Answering) -> Answering:
        """Return a kernel that answers as this one does, and is overheard."""
        return kernel if self._file is None else _Overheard(kernel, self)

    def stop(self, position: int, how: Ended, note: str) -> None:
        """Note that a cell had to be stopped."""
        self._stops.append([position, str(how), note])

    def check(self, name: str, late: bool | None = None) -> None:
        """Begin a check; `late` is given for one that is not asked any more."""
        self._checks.append({"name": name, "late": late, "ended": None, "exchanges": []})

    def ended(self, how: Ended) -> None:
        """Note that the check was stopped."""
        self._checks[-1]["ended"] = str(how)

    def again(self) -> None:
        """Forget the checks of a question that is judged anew."""
        self._checks = []

    def question(self, name: str, position: int, marks: Sequence[Mark]) -> None:
        """End a question: the checks begun since the last one were its."""
        self._questions.append({
            "name": name, "place": position, "checks": self._checks,
            "marks": [mark.to_json() for mark in marks],
        })  # fmt: skip
        self._checks = []

    def exchange(self, probe: Sequence[Any], answer: Sequence[Any] | Ended) -> None:
        """Keep one probe and what came back, if there is room."""
        if self._file is None or self._dropped or not self._checks:
            return
        self._exchanges += 1 if isinstance(answer, Ended) else 1 + len(answer)
        if self._exchanges > MAX_EXCHANGES:
            self._dropped = TOO_LARGE
            return
        try:
            stored = str(answer) if isinstance(answer, Ended) else [self._frame(f) for f in answer]
        except OSError as error:
            self._dropped = f"it could not be written ({error.strerror})"
            return
        self._checks[-1]["exchanges"].append([probe_digest(probe), stored])

    def close(self, bundle: Bundle, seed: str) -> None:
        """Write the index, without which the rest is worth nothing."""
        if self._file is None:
            return
        index = {
            "dropped": self._dropped,
            "bundle": bundle.digest,
            "seed": seed,
            "hidden": contents_digest(bundle.folder / "hidden"),
            "asked": {q.name: question_digest(bundle, q) for q in bundle.questions if q.checks},
            "stops": self._stops,
            "questions": [] if self._dropped else self._questions,
            "frames": [] if self._dropped else self._table,
        }
        data = zlib.compress(json.dumps(index).encode(), 1)
        with contextlib.suppress(OSError), self._file as file:
            if self._dropped:
                # Half of the answers are of no use, and take room.
                file.seek(len(MAGIC))
                file.truncate()
            file.write(data)
            file.write(FOOTER.pack(len(data), hashlib.sha256(data).digest()))

    def _frame(self, frame: Any) -> int:
        """Return the place of a frame in the table, written if it is new."""
        digest = hashlib.sha256(frame).digest()
        if digest not in self._places:
            self._bytes += len(frame)
            if self._bytes > MAX_BYTES:
                self._dropped = TOO_LARGE
                return 0
            assert self._file is not None
            packed = _packed(bytes(frame))
            self._table.append([self._file.tell(), len(packed), len(frame), digest.hex()])
            self._file.write(packed)
            self._places[digest] = len(self._table) - 1
        return self._places[digest]


class _Overheard:
    """A kernel whose answers are kept."""

    def __init__(self, kernel: Answering, recorder: Recorder) -> None:
        self._kernel, self._recorder = kernel, recorder

    @property
    def alive(self) -> bool:
        return self._kernel.alive

    def probe(self, frames: Sequence[bytes], seconds: float) -> list[Any]:
        try:
            answer = self._kernel.probe(frames, seconds)
        except UnansweredError as unanswered:
            self._recorder.exchange(frames, unanswered.how)
            raise
        self._recorder.exchange(frames, answer)
        return answer


def _packed(frame: bytes) -> bytes:
    """Return a frame as it is stored; shorter than it is exactly where it was compressed."""
    sample = frame[:SAMPLE]
    if len(sample) < 64 or len(zlib.compress(sample, 1)) > WORTH_IT * len(sample):
        return frame
    packed = zlib.compress(frame, 1)
    return packed if len(packed) < len(frame) else frame


class Recording:
    """A recording that lies on the disk; frames are read when they are asked for.

    Raises
    ------
    UnusableError
        If the file is no recording, is damaged, or says that its answers were dropped.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            index = self._index()
            dropped, self._frames = str(index["dropped"]), list(index["frames"])
            self.bundle, self.seed = str(index["bundle"]), str(index["seed"])
            bytes.fromhex(self.seed)
            self.hidden = str(index["hidden"])
            self.stops = {int(n): (Ended(how), str(note)) for n, how, note in index["stops"]}
            self.questions = [_question(data, index["asked"]) for data in index["questions"]]
        except FileNotFoundError:
            raise UnusableError("there is no recording of it") from None
        except DAMAGED:
            raise UnusableError("its recording is damaged") from None
        if dropped:
            raise UnusableError(dropped)

    def answer(self, places: Sequence[int]) -> list[bytes]:
        """Return the frames of an answer."""
        try:
            with self._path.open("rb") as file:
                return [self._frame(file, number) for number in places]
        except DAMAGED:
            raise UnusableError("its recording is damaged") from None

    def _index(self) -> dict[str, Any]:
        with self._path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise ValueError
            end = file.seek(-FOOTER.size, 2)
            length, digest = FOOTER.unpack(file.read())
            if length > MAX_INDEX_BYTES:
                raise ValueError
            file.seek(end - length)
            data = file.read(length)
        if hashlib.sha256(data).digest() != digest:
            raise ValueError
        return dict(json.loads(_unpacked(data, MAX_INDEX_BYTES)))

    def _frame(self, file: IO[bytes], number: int) -> bytes:
        if not 0 <= number < len(self._frames):
            raise ValueError
        offset, stored, size, digest = self._frames[number]
        if not 0 <= stored <= size <= MAX_BYTES:
            raise ValueError
        file.seek(offset)
        data = file.read(stored)
        frame = data if stored == size else _unpacked(data, size)
        if len(frame) != size or hashlib.sha256(frame).hexdigest() != digest:
            raise ValueError
        return frame


def _unpacked(data: bytes, most: int) -> bytes:
    """Return what was compressed, and never more than `most` bytes of it."""
    unpacked = zlib.decompressobj().decompress(data, most + 1)
    if len(unpacked) > most:
        raise ValueError
    return unpacked


def _question(data: dict[str, Any], digests: dict[str, str]) -> RecordedQuestion:
    return RecordedQuestion(
        name=str(data["name"]),
        place=int(data["place"]),
        digest=str(digests[data["name"]]),
        checks=tuple(_check(check) for check in data["checks"]),
        marks=tuple(Mark.from_json(mark) for mark in data["marks"]),
    )


def _check(data: dict[str, Any]) -> RecordedCheck:
    late, ended = data["late"], data["ended"]
    if late not in (None, True, False):
        raise ValueError
    exchanges = tuple(
        Exchange(str(probe), Ended(answer) if type(answer) is str else tuple(map(int, answer)))
        for probe, answer in data["exchanges"]
    )
    return RecordedCheck(str(data["name"]), late, Ended(ended) if ended else None, exchanges)
