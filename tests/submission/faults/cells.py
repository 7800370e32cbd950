"""Notebooks whose cells were moved, lost, split, or spoilt on the way."""

from __future__ import annotations

import json
from functools import partial

from faults.desk import FIRST, FULL, Desk, Fault, cell, code, fault, place

FAULTS: list[Fault] = []
broken = partial(fault, FAULTS)


@broken(points=0.0)
def untouched(desk: Desk) -> None:
    """The student handed in the notebook as it was given out.

    It is graded, and earns nothing.
    """
    desk.hand_in(desk.blank)


@broken(points=FULL)
def ten_thousand_cells(desk: Desk) -> None:
    """A loop of some program added cells up to the limit, most of them texts.

    All code is run, and the answers count.
    """
    made = desk.solved()
    more = 10_000 - len(made["cells"])
    made["cells"] += [code("pass", id=f"more-{n}") for n in range(more)]
    for one in made["cells"][300:]:
        one["cell_type"] = "markdown"
    desk.hand_in(made)


@broken(says="the notebook has 10001 cells, at most 10000 are read")
def too_many_cells(desk: Desk) -> None:
    """One cell more than the limit.

    The reason says the limit.
    """
    made = desk.solved()
    made["cells"] = [code("pass", id=f"more-{n}") for n in range(10_001)]
    desk.hand_in(made)


@broken(says="characters, at most")
def too_much_text(desk: Desk) -> None:
    """A data set of 20 MB was pasted into a cell.

    The reason says the limit.
    """
    made = desk.solved()
    made["cells"].append(code("data = '" + "0" * (20 << 20) + "'"))
    desk.hand_in(made)


@broken(points=FULL, says="id average twice, the first keeps it")
def duplicate_ids(desk: Desk) -> None:
    """A merge gave the id of an answer to a second cell.

    The first keeps it, with a note.
    """
    made = desk.solved()
    made["cells"].append(code("1 + 1", id="average"))
    desk.hand_in(made)


@broken(points=FULL, says="the first keeps it")
def one_id_for_all(desk: Desk) -> None:
    """A script gave every cell the same id.

    Ids are made anew, and the answers are found by what they define.
    """
    made = desk.solved()
    for one in made["cells"]:
        one["id"] = "cell"
    desk.hand_in(made)


@broken(points=FULL, says="no id")
def ids_lost(desk: Desk) -> None:
    """An older Jupyter saved the notebook without ids.

    The answers are found by what they define, with a note.
    """
    made = desk.solved()
    for one in made["cells"]:
        del one["id"]
    desk.hand_in({**made, "nbformat_minor": 4})


@broken(points=FULL, says="the answer was found in cell")
def ids_made_anew(desk: Desk) -> None:
    """The cells were copied into a new notebook, which gave them other ids.

    The answers are found by what they define, with a note.
    """
    made = desk.solved()
    for number, one in enumerate(made["cells"]):
        one["id"] = f"new-{number}"
    desk.hand_in(made)


@broken(points=FULL)
def metadata_lost(desk: Desk) -> None:
    """A cleaning tool removed all metadata, tags and kernel included.

    Nothing depends on them.
    """
    made = desk.solved()
    for one in made["cells"]:
        one["metadata"] = {}
    desk.hand_in({**made, "metadata": {}})


@broken(points=FULL)
def metadata_of_the_wrong_type(desk: Desk) -> None:
    """Metadata, outputs and counts have types that Jupyter would refuse.

    They are thrown away in any case.
    """
    made = desk.solved()
    for one in made["cells"]:
        one |= {"metadata": [], "outputs": "none", "execution_count": "7"}
    desk.hand_in({**made, "metadata": 3})


@broken(points=FIRST)
def an_answer_deleted(desk: Desk) -> None:
    """The cell of the second answer was deleted, its check was not.

    That question earns nothing, the other all.
    """
    made = desk.solved()
    made["cells"].remove(cell(made, "peak"))
    desk.hand_in(made)


@broken(points=FIRST, says="peak")
def a_question_deleted(desk: Desk) -> None:
    """Everything of the second question was deleted.

    That question earns nothing, with a note; the other earns all.
    """
    made = desk.solved()
    del made["cells"][place(made, "peak-text") : place(made, "check-peak") + 1]
    desk.hand_in(made)


@broken(points=FULL)
def checks_deleted(desk: Desk) -> None:
    """The check cells were deleted to tidy up.

    Answers are graded where they stand.
    """
    made = desk.solved()
    for name in ("check-moving_average", "check-peak", "otter-init"):
        made["cells"].remove(cell(made, name))
    desk.hand_in(made)


@broken(points=FULL, says="id peak twice")
def an_answer_duplicated(desk: Desk) -> None:
    """The cell of an answer was copied with its id.

    Both run, and the answer counts, with a note.
    """
    made = desk.solved()
    at = place(made, "peak")
    made["cells"].insert(at, dict(made["cells"][at]))
    desk.hand_in(made)


@broken(points=FULL)
def an_answer_split(desk: Desk) -> None:
    """The cell of an answer was split, so that its second half has a new id.

    The question is graded after both halves.
    """
    made = desk.solved()
    one = cell(made, "peak")
    one["source"], second = one["source"].split("\n")
    made["cells"].insert(place(made, "peak") + 1, code(second, id="second-half"))
    desk.hand_in(made)


@broken(points=FULL, says="the answer was found in cell")
def an_answer_merged(desk: Desk) -> None:
    """The cell of an answer was merged into the one above, whose id is kept.

    The answer is found by what it defines, with a note.
    """
    made = desk.solved()
    answer = cell(made, "peak")
    cell(made, "pulse")["source"] += "\n" + answer["source"]
    made["cells"].remove(answer)
    desk.hand_in(made)


@broken(points=FULL)
def all_in_one_cell(desk: Desk) -> None:
    """All code was merged into the first answer's cell.

    Both questions are answered there.
    """
    made = desk.solved()
    sources = [
        "".join(cell(made, name)["source"]) for name in ("imports", "average", "pulse", "peak")
    ]
    cell(made, "average")["source"] = "\n".join(sources)
    made["cells"] = [one for one in made["cells"] if one["id"] not in ("imports", "pulse", "peak")]
    desk.hand_in(made)


@broken(points=FIRST)
def an_answer_as_markdown(desk: Desk) -> None:
    """A slip of the M key made text of the second answer.

    Text is not run: the question earns nothing, the other all.
    """
    made = desk.solved()
    cell(made, "peak")["cell_type"] = "markdown"
    desk.hand_in(made)


@broken(points=FIRST)
def an_answer_as_raw(desk: Desk) -> None:
    """A slip of the R key made the second answer raw.

    Raw text is not run: the question earns nothing, the other all.
    """
    made = desk.solved()
    cell(made, "peak")["cell_type"] = "raw"
    desk.hand_in(made)


@broken(points=FIRST, says="of no known type, read as raw text")
def an_answer_of_no_type(desk: Desk) -> None:
    """The second answer has a type that no Jupyter knows.

    It is not run, with a note; the other question earns all.
    """
    made = desk.solved()
    cell(made, "peak")["cell_type"] = "kode"
    desk.hand_in(made)


@broken(points=FULL)
def text_as_code(desk: Desk) -> None:
    """A slip of the Y key made code of a paragraph.

    Its syntax error costs nothing.
    """
    made = desk.solved()
    cell(made, "between")["cell_type"] = "code"
    desk.hand_in(made)


@broken(points=FIRST, says="moved")
def answers_exchanged(desk: Desk) -> None:
    """The first answer was moved behind the second, which needs it.

    The notebook runs from top to bottom, with a note on what was moved.
    """
    made = desk.solved()
    first = made["cells"].pop(place(made, "average"))
    made["cells"].append(first)
    desk.hand_in(made)


@broken(points=FULL)
def explanations_moved(desk: Desk) -> None:
    """All texts were moved to the end.

    Only the order of code matters.
    """
    made = desk.solved()
    made["cells"].sort(key=lambda one: one["cell_type"] != "code")
    desk.hand_in(made)


@broken(points=FULL, says="not a cell, left out")
def things_that_are_no_cells(desk: Desk) -> None:
    """Between the cells stand numbers, nulls and lists.

    They are left out, with a note.
    """
    made = desk.solved()
    made["cells"][2:2] = [7, None, ["code"]]
    desk.hand_in(made)


@broken(points=FIRST, says="no text in it, read as empty")
def a_source_of_numbers(desk: Desk) -> None:
    """The second answer's source is a list of numbers.

    It is read as empty, with a note; the other question earns all.
    """
    made = desk.solved()
    cell(made, "peak")["source"] = [1, 2, 3]
    desk.hand_in(made)


@broken(points=FULL)
def sources_letter_by_letter(desk: Desk) -> None:
    """A converter cut every source into letters.

    They are joined.
    """
    made = desk.solved()
    for one in made["cells"]:
        one["source"] = list("".join(one["source"]))
    desk.hand_in(made)


@broken(points=FULL)
def attachments(desk: Desk) -> None:
    """A photograph of the handwritten answer is attached to a cell.

    Attachments are thrown away; the code counts.
    """
    made = desk.solved()
    cell(made, "lag")["attachments"] = {"photo.png": {"image/png": "A" * 1_000_000}}
    desk.hand_in(made)


@broken(points=FIRST)
def a_syntax_error(desk: Desk) -> None:
    """A bracket is missing in the second answer.

    It costs that question and no other.
    """
    made = desk.solved()
    cell(made, "peak")["source"] = "position_of_peak = int(np.argmax(moving_average(pulse, 15))"
    desk.hand_in(made)


@broken(points=FIRST)
def conflict_in_a_cell(desk: Desk) -> None:
    """A merge tool left its markers inside the second answer.

    Nobody guesses which side counts; the other question earns all.
    """
    made = desk.solved()
    source = cell(made, "peak")["source"]
    cell(made, "peak")["source"] = f"<<<<<<< local\n{source}\n=======\npass\n>>>>>>> remote"
    desk.hand_in(made)


@broken(points=FIRST)
def quotes_of_a_word_processor(desk: Desk) -> None:
    """The second answer went through a word processor, which made its quotes round.

    Python refuses it; nothing is guessed, the other question earns all.
    """
    made = desk.solved()
    cell(made, "peak")["source"] = "position_of_peak = int(“60”)"
    desk.hand_in(made)


@broken(points=FULL)
def an_error_on_the_way(desk: Desk) -> None:
    """A cell that no question needs divides by zero.

    The cells behind it run.
    """
    _with_cell(desk, "1 / 0")


@broken(points=FULL)
def input_is_asked_for(desk: Desk) -> None:
    """A cell waits for somebody to type.

    Nobody does; the cell fails at once and the others run.
    """
    _with_cell(desk, "name = input('Your name: ')")


@broken(points=FULL)
def magics(desk: Desk) -> None:
    """The answer is timed, and cells use magics that exist and that do not.

    What IPython knows works; the rest costs only its cell.
    """
    made = desk.solved()
    cell(made, "peak")["source"] = "%%time\n" + cell(made, "peak")["source"]
    made["cells"].insert(2, code("%load_ext autoreload\n%autoreload 2\n%nonsense", id="magic"))
    desk.hand_in(made)


@broken(points=FULL)
def terminal_escapes(desk: Desk) -> None:
    """A cell prints codes that clear the terminal and change its title.

    They reach neither the terminal nor the report.
    """
    _with_cell(desk, r"print('\x1b[2J\x1b]0;owned\x07\x9b31m' * 1000)")


@broken(points=FULL)
def another_folder(desk: Desk) -> None:
    """A cell changes the current folder, as on the student's machine.

    The files of the exercise are still found.
    """
    _with_cell(desk, "import os\nos.chdir('/')")


@broken(points=FIRST)
def everything_reset(desk: Desk) -> None:
    """Before the second answer a magic deletes all variables.

    What was graded before stands; the second answer lacks its function.
    """
    made = desk.solved()
    made["cells"].insert(place(made, "peak"), code("%reset -f", id="reset"))
    desk.hand_in(made)


@broken(points=FULL)
def paths_of_windows(desk: Desk) -> None:
    """A cell reads a file from the student's desktop.

    It fails alone, also where its backslashes are no Python.
    """
    _with_cell(desk, "open('C:\\Users\\bo\\data.csv')")


@broken(points=FULL)
def quits_at_the_end(desk: Desk) -> None:
    """The last cell ends the kernel.

    Everything is graded by then.
    """
    made = desk.solved()
    made["cells"].append(code("quit()", id="quit"))
    desk.hand_in(made)


@broken(points=FULL)
def python_2(desk: Desk) -> None:
    """A cell prints as in Python 2.

    Its syntax error costs nothing.
    """
    _with_cell(desk, "print 'hello'")


@broken(points=FULL)
def a_huge_comment(desk: Desk) -> None:
    """A cell holds one line of two million characters.

    It is run like any other.
    """
    _with_cell(desk, "# " + "x" * 2_000_000)


@broken(points=FULL)
def answers_as_outputs(desk: Desk) -> None:
    """The outputs claim full marks, and a script of a page stands in them.

    Outputs are thrown away; only what runs counts.
    """
    made = desk.solved()
    claim = {"text/html": "<script>alert(1)</script>", "text/plain": "peak: 10 / 10"}
    cell(made, "check-peak")["outputs"] = [
        {"output_type": "display_data", "data": claim, "metadata": json.loads("{}")}
    ]
    desk.hand_in(made)


def _with_cell(desk: Desk, source: str) -> None:
    """Hand in the solved notebook with one more cell before the first answer."""
    made = desk.solved()
    made["cells"].insert(place(made, "average"), code(source, id="one-more"))
    desk.hand_in(made)
