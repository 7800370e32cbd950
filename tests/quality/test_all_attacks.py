"""Every attack that comes with gradekit is run against real kernels in real sandboxes.

The tests take most of the time of all tests, so what they showed is remembered (`remembered`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gradekit.core.job import Limits
from gradekit.quality.redteam import BreachKind, catalogue, run_campaign
from gradekit.quality.redteam.campaign import TIGHT
from gradekit.quality.redteam.catalogue import Attack
from gradekit.sandbox import LocalSandbox, Sandbox, cores
from gradekit.sandbox.docker import DockerSandbox
from masters.edit import Edit, derive

REPOSITORY = Path(__file__).parents[2]

# Which attacks `make test` leaves out in Docker: those whose verdict the worker makes, which
# is the same code in both sandboxes, and which run behind bubblewrap every time. All that
# forges is left out by its kind. What asks for memory, processes, disk or files of others is
# decided by the container, and so is whatever is not named here, such as a new attack.
NAMES = """
    a_chain_of_a_million_causes a_death_in_every_replay a_debugger_in_each_answer
    a_display_that_is_cleared_forever a_flood_of_conversations a_flood_straight_to_the_socket
    a_flood_that_follows_the_cell a_header_of_millions_of_dates a_loop_that_swallows_interrupts
    a_matrix_that_nobody_can_multiply a_message_of_a_hundred_frames a_message_of_empty_frames
    a_message_without_end a_nap_in_every_answer a_power_that_takes_years
    a_source_that_takes_forever_to_compile a_sum_that_never_ends a_timer_of_a_microsecond
    an_agent_that_prints_for_each_answer an_event_loop_that_is_taken_over an_exit_by_every_door
    answers_just_in_time answers_that_never_come arrays_larger_than_any_memory
    arrays_of_objects_that_fight blocked_inside_a_regular_expression every_way_to_crash
    exceptions_whose_text_is_an_attack garbage_collected_all_the_time garbage_on_the_wire
    hash_collisions_by_design huge_items_without_end iterators_that_never_end
    keys_that_collide_in_the_worker never_done_deleting objects_that_do_not_want_to_go
    questions_that_wait_for_an_answer recursion_into_the_stack_of_c tensors_of_every_odd_layout
    the_channel_of_control_is_closed values_nested_without_a_bottom
    values_too_deep_and_too_large exceptions_with_our_names formulas_for_spreadsheets
    half_letters_from_a_false_agent letters_that_turn_the_line messages_that_pretend_to_be_ours
    names_of_ten_megabytes names_that_are_paths nul_bytes_and_half_characters
    orders_to_the_terminal rows_of_a_report_in_a_message scripts_in_messages scripts_in_outputs
"""
DECIDED_IN_THE_WORKER = frozenset(NAMES.split())

# Of those, whatever exhausts time or messages ends at a limit, and most of the time of all
# attacks is spent on waiting for it. The limit is the same mechanism at another number, so
# `make test` shortens it, except for one attack. Attacks that end by themselves, and those on
# memory, processes and disk, keep the time that they need on a machine that is busy.
SHORT = replace(TIGHT, cell_seconds=2.0, call_seconds=1.5, check_seconds=3.0, total_seconds=20.0)
KEEPS_LONG_LIMITS = "a_loop_that_swallows_interrupts"


def demand_more(edit: Edit) -> None:
    """Give no point for a type alone, which whoever guesses an integer earns with full right."""
    edit.replace("peak-integer", "points: 1", "points: 0")


def is_decided_by_the_container(attack: Attack) -> bool:
    return attack.kind != "forging" and attack.name not in DECIDED_IN_THE_WORKER


def short_limits(attack: Attack) -> Limits:
    ends_at_a_limit = attack.kind == "exhausting" and attack.name in DECIDED_IN_THE_WORKER
    return SHORT if ends_at_a_limit and attack.name != KEEPS_LONG_LIMITS else TIGHT


def long_limits(attack: Attack) -> Limits:
    return TIGHT


def behind_bubblewrap(bundle: Path) -> Sandbox:
    return LocalSandbox(bundle, "bubblewrap")


def in_docker(bundle: Path) -> Sandbox:
    """Return a sandbox whose image shares its environment with the other tests."""
    shutil.copy(REPOSITORY / "autograder" / "requirements.txt", bundle)
    return DockerSandbox(bundle)


def test_what_is_left_out_in_docker_are_attacks_that_exist() -> None:
    """A renamed attack would come back silently; at least four kinds have some in Docker."""
    attacks = catalogue.load(catalogue.builtin_folder())
    assert {attack.name for attack in attacks} >= DECIDED_IN_THE_WORKER | {KEEPS_LONG_LIMITS}
    kinds = {attack.kind for attack in attacks if is_decided_by_the_container(attack)}
    assert kinds == set(catalogue.KINDS) - {"forging"}


@pytest.mark.slow
@pytest.mark.remembered("attacks")
@pytest.mark.parametrize(
    "sandbox",
    [
        pytest.param(behind_bubblewrap, marks=pytest.mark.bubblewrap, id="bubblewrap"),
        pytest.param(in_docker, marks=pytest.mark.docker, id="docker"),
    ],
)
def test_no_attack_gets_anything_through(
    sandbox: Callable[[Path], Sandbox],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    """0 points, 0 canaries, 0 effects, marks for every attack; and every reader could report."""
    attacks = catalogue.load(catalogue.builtin_folder())
    everything = request.config.getoption("everything")
    if sandbox is in_docker and not everything:
        attacks = [attack for attack in attacks if is_decided_by_the_container(attack)]
    master = derive(tmp_path / "averages", demand_more)
    limits = long_limits if everything else short_limits
    result = run_campaign(master, attacks, sandbox, jobs=cores(), limits_for=limits)
    assert result.breaches == ()
    assert [ran.attack.name for ran in result.attacks if ran.blind] == []
    assert len(result.attacks) == len(attacks)
    forged, leaked, effects = (
        result.amount(kind) for kind in (BreachKind.FORGED, BreachKind.LEAKED, BreachKind.EFFECT)
    )
    record_property(
        "showed",
        f"{len(attacks)} attacks, {forged:g} points forged, {leaked:g} canaries leaked, "
        f"{effects:g} effects on the host",
    )
    slowest = max(result.attacks, key=lambda ran: ran.seconds)
    print(
        f"{result.sandbox}: {len(attacks)} attacks in {result.seconds:.0f} s, "
        f"the slowest, {slowest.attack.name}, in {slowest.seconds:.0f} s"
    )
