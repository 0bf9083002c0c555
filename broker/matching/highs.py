"""The one place that talks to HiGHS: whole-number programmes in, a value and its bound out.

One thread and a fixed seed, so that the same model gives the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
new_highs: Callable[[], highspy.Highs] = highspy.Highs
LONGEST = 1e7  # seconds


@dataclass
class Model:
    """Maximise `worth` over columns from 0 to `upper`, whole unless said otherwise.

    Each row is (columns, figures, lowest, highest).
    """

    worth: list[float]
    upper: list[float]
    rows: list[tuple[list[int], list[float], float, float]] = field(default_factory=list)

    def row(
        self,
        columns: list[int],
        figures: list[float] | None = None,
        *,
        low: float = -math.inf,
        high: float = math.inf,
    ) -> None:
        self.rows.append((columns, figures or [1.0] * len(columns), low, high))


@dataclass(frozen=True)
class Answer:
    """`values` is None when no plan was found; `bound` is infinite when none was proven."""

    values: Floats | None
    bound: float
    is_impossible: bool = False


LITTLE: dict[str, float | bool | str] = {
    "presolve": "off",
    "mip_heuristic_effort": 0.0,
    "mip_detect_symmetry": False,
    "mip_heuristic_run_feasibility_jump": False,
}  # for small models of which a good plan is known: straight to branching


def solve(
    model: Model,
    *,
    gap: float,
    seconds: float,
    start: list[float] | None = None,
    is_little: bool = False,
    should_stop: Callable[[], bool] | None = None,
) -> Answer:
    """The best plan found in `seconds`, to within `gap` of the bound (as a share of the value).

    Whatever the gap, the search ends when no plan can be better by 1: worths are whole.
    `start` is a plan that already holds. `should_stop` is asked now and then.
    """
    highs = new_highs()
    _set(highs, gap=gap, seconds=seconds)
    for name, value in LITTLE.items() if is_little else ():
        highs.setOptionValue(name, value)
    highs.passModel(_lp(model))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start
        highs.setSolution(known)
    if should_stop is not None:
        _listen(highs, should_stop)
    highs.run()
    return _answer(highs)


def _listen(highs: highspy.Highs, should_stop: Callable[[], bool]) -> None:
    def interrupt(event: highspy.HighsCallbackEvent) -> None:
        if should_stop():
            event.interrupt()

    highs.cbMipInterrupt.subscribe(interrupt)
    highs.cbSimplexInterrupt.subscribe(interrupt)


def _set(highs: highspy.Highs, *, gap: float, seconds: float) -> None:
    for name, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": gap,
        "mip_abs_gap": 0.999,
        "mip_feasibility_tolerance": 1e-7,
        "primal_feasibility_tolerance": 1e-8,
        "time_limit": min(max(seconds, 0.01), LONGEST),
    }.items():
        highs.setOptionValue(name, value)


def _lp(model: Model) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.worth), len(model.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.array(model.worth, np.float64)
    lp.col_lower_ = np.zeros(len(model.worth))
    lp.col_upper_ = np.array(model.upper, np.float64)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(model.worth)
    lp.row_lower_ = np.array([row[2] for row in model.rows], np.float64)
    lp.row_upper_ = np.array([row[3] for row in model.rows], np.float64)
    sizes = [len(row[0]) for row in model.rows]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    lp.a_matrix_.index_ = np.array([one for row in model.rows for one in row[0]], np.int32)
    lp.a_matrix_.value_ = np.array([one for row in model.rows for one in row[1]], np.float64)
    return lp


def _answer(highs: highspy.Highs) -> Answer:
    impossible = highspy.HighsModelStatus.kInfeasible
    if highs.getModelStatus() == impossible:
        return Answer(None, -math.inf, is_impossible=True)
    info = highs.getInfo()
    bound = info.mip_dual_bound
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, bound)
    return Answer(np.array(highs.getSolution().col_value, np.float64), bound)
