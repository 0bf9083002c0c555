"""The command: one JSON object, exit codes, and clear words for a bad file."""

import json
import random
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest
from click.testing import CliRunner, Result

from benchmarks.instances import round_json as large_round
from broker.cli.matching import matching
from tests.matching.rounds import pair, random_round, round_json

LONG = 120  # seconds: the machine may be busy
GOOD = round_json(
    [{"id": "P1", "max_matches": 1}],
    [{"id": "N1"}, {"id": "N2"}],
    [("N1", "P1", 7), ("N2", "P1", 5)],
)


SOLVE = """
import os, signal, sys, threading, time
from broker.cli.matching import solve

def interrupt():
    while signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        time.sleep(0.05)
    time.sleep(2)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt, daemon=True).start()
solve(["--gap", "0", sys.argv[1]])
"""


def run(*words: object, typed: str | bytes | None = None) -> Result:
    return CliRunner().invoke(matching, [str(word) for word in words], input=typed)


def written(folder: Path, data: object, name: str = "instance.json") -> Path:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return path


def test_solve_prints_one_json_object(tmp_path: Path) -> None:
    result = run("solve", written(tmp_path, GOOD))
    assert result.exit_code == 0
    plan = json.loads(result.stdout)
    assert (plan["status"], plan["points"], plan["matches"][0]["need"]) == ("optimal", 7, "N1")
    assert [one["need"] for one in plan["unmatched"]] == ["N2"]


def test_solve_reads_standard_input_and_takes_its_settings() -> None:
    settings = ["--aim", "fair", "--seconds", "2", "--seed", "3", "--gap", "0"]
    result = run("solve", "-", *settings, typed=json.dumps(GOOD))
    assert result.exit_code == 0
    plan = json.loads(result.stdout)
    assert plan["aim"] == "fair"
    assert [level["measure"] for level in plan["levels"]] == ["places", "lowest_points", "points"]


def test_solve_says_what_other_aims_would_give_when_asked() -> None:
    result = run("solve", "-", "--other-aims", typed=json.dumps(GOOD))
    told = json.loads(result.stdout)["other_aims"]
    assert [one["aim"] for one in told] == ["coverage", "fair"]
    assert told[0]["text"] == "coverage gives the same."


def test_an_interrupted_run_prints_its_plan_so_far(tmp_path: Path) -> None:
    instance = written(tmp_path, large_round(153, 459, seed=0))
    command = [sys.executable, "-c", SOLVE, str(instance)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONG)
    plan = json.loads(done.stdout)
    assert done.returncode == 0
    assert plan["status"] == "cancelled" and plan["matches"] and plan["bound"] >= plan["points"]


def test_clashing_musts_exit_0_with_their_cause() -> None:
    data = round_json(pairs=[pair("N1", "P1", 1, must=True)])
    data["providers"][0]["max_matches"] = 0
    result = run("solve", "-", typed=json.dumps(data))
    plan = json.loads(result.stdout)
    assert (result.exit_code, plan["status"], plan["matches"]) == (0, "infeasible", [])
    assert plan["causes"][0]["text"]


BAD = {
    "nothing": "",
    "not json": "{",
    "not a number": '{"quarters": [NaN]}',
    "deep": "[" * 100_000,
    "a list": "[]",
    "starts": json.dumps(GOOD | {"needs": [{"id": "N1", "starts": []}]}),
    "ten megabytes": "x" * 10_000_000,
    "ten megabytes of json": json.dumps(["junk" * 250] * 10_000),
    "a long number": '{"quarters": [' + "9" * 10_000 + "]}",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_instance_exits_2_with_words_and_no_output(name: str) -> None:
    began = perf_counter()
    result = run("solve", "-", typed=BAD[name])
    assert perf_counter() - began < 3
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("-: ")
    assert len(result.stderr) < 300 and "Traceback" not in result.stderr


def test_a_file_that_is_not_there_or_not_text_exits_2(tmp_path: Path) -> None:
    assert run("solve", tmp_path / "none.json").exit_code == 2
    assert run("solve", tmp_path).exit_code == 2
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    assert run("solve", tmp_path / "bytes").exit_code == 2


@pytest.mark.parametrize("option", [["--aim", "best"], ["--seconds", "0"], ["--gap", "-1"]])
def test_a_bad_setting_exits_2(option: list[str]) -> None:
    assert run("solve", "-", *option, typed=json.dumps(GOOD)).exit_code == 2


@pytest.mark.parametrize("seed", range(5))
def test_what_solve_prints_check_accepts(seed: int, tmp_path: Path) -> None:
    instance = written(tmp_path, random_round(seed))
    plan = written(tmp_path, run("solve", instance).stdout, "plan.json")
    result = run("check", instance, plan)
    assert (result.exit_code, result.stdout) == (0, "")


def test_check_prints_broken_rules_and_exits_1(tmp_path: Path) -> None:
    instance = written(tmp_path, GOOD)
    both = [{"need": need, "provider": "P1"} for need in ("N1", "N2")]
    plan = written(tmp_path, {"matches": both}, "plan.json")
    result = run("check", instance, plan)
    assert result.exit_code == 1
    assert result.stdout == "over_match_limit: P1 may match 1 and has 2.\n"


def test_check_names_the_file_that_is_bad(tmp_path: Path) -> None:
    instance, plan = written(tmp_path, GOOD), written(tmp_path, {}, "plan.json")
    result = run("check", instance, plan)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{plan}: ")
    assert run("check", plan, instance).exit_code == 2


APP = [sys.executable, "-m", "flask", "--app", "wsgi", "matching", "solve"]
BY_NAME = {
    "an unknown id": GOOD | {"pairs": [pair("N9", "P1", 1)]},
    "negative days": round_json([{"id": "P1", "free_days": [-1, 2]}]),
    "days of 0.3": round_json(needs=[{"id": "N1", "days": [0.3]}]),
    "points of 7.5": GOOD | {"pairs": [pair("N1", "P1", 1) | {"points": 7.5}]},
    "a pair twice": GOOD | {"pairs": [pair("N1", "P1", 1), pair("N1", "P1", 2)]},
    "no start": round_json(needs=[{"id": "N1", "starts": []}]),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_each_kind_of_mistake_exits_2_with_words(name: str) -> None:
    result = run("solve", "-", typed=json.dumps(BY_NAME[name]))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("-: ") and "Traceback" not in result.stderr


def test_the_real_command_refuses_ten_megabytes_of_junk_without_a_trace() -> None:
    done = subprocess.run([*APP, "-"], input=b"[" * 10_000_000, capture_output=True, timeout=LONG)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"-: ") and b"Traceback" not in done.stderr


def test_the_real_command_ends_by_its_limit_with_a_plan() -> None:
    """17 providers, 18 needs that want three each, and minimums that pull against each other."""
    chance = random.Random(17)
    data = round_json(
        [{"id": f"P{n}", "min_matches": 3, "max_matches": 4} for n in range(17)],
        [{"id": f"N{n}", "providers_wanted": 3} for n in range(18)],
        [(f"N{n}", f"P{p}", chance.randint(0, 1000)) for n in range(18) for p in range(17)],
    )
    command = [*APP, "-", "--aim", "fair", "--seconds", "1", "--gap", "0"]
    done = subprocess.run(
        command, input=json.dumps(data), text=True, capture_output=True, timeout=LONG
    )
    plan = json.loads(done.stdout)
    assert done.returncode == 0 and len(plan["matches"]) >= 51
    assert plan["seconds"] < 3 and plan["shortfalls"] == []
