"""A mixed-integer program and its solution by HiGHS: the only place that knows the solver.

The same program gives the same solution each time: one thread, a fixed seed. Only a time limit that
is reached can end it elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ALMOST = 1e-7
"""An absolute gap that is none."""


@dataclass(frozen=True, slots=True)
class Program:
    """Maximize profit over columns. rows: for each, its coefficients by column and its bounds."""

    profit: Floats
    lower: Floats
    upper: Floats
    whole: Sequence[bool]
    rows: Sequence[tuple[Sequence[int], Sequence[float], float, float]]


@dataclass(frozen=True, slots=True)
class Solution:
    """Values by column (whole ones rounded), what they are worth, what no solution exceeds, and of
    a program without whole columns the prices of the rows. proven: not ended by the time."""

    values: Floats
    worth: float
    bound: float
    prices: Floats
    proven: bool


class NoSolution(Exception):
    """There is none, or none was found in time."""


def maximize(program: Program, *, gap: float = 0.0, time_s: float) -> Solution:
    """The best values within a relative gap and a time. Raises NoSolution.

    No solution to begin from is given: HiGHS 1.16 may take it for the best one when it is not.
    """
    # highspy.Highs prints a line on standard output before it can be told not to (HiGHS #1702).
    solver = _Highs()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 0),
        ("mip_rel_gap", gap),
        ("mip_abs_gap", ALMOST),
        ("time_limit", max(time_s, 0.1)),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(_model(program))
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != highspy.kSolutionStatusFeasible:
        raise NoSolution(solver.modelStatusToString(solver.getModelStatus()))
    found = solver.getSolution()
    values = np.array(found.col_value)
    whole = np.array(program.whole, dtype=bool)
    values[whole] = np.rint(values[whole])
    worth = float(program.profit @ values)
    return Solution(
        values=values,
        worth=worth,
        bound=max(worth, info.mip_dual_bound if whole.any() else worth),
        prices=np.array(found.row_dual),
        proven=solver.getModelStatus() == highspy.HighsModelStatus.kOptimal,
    )


def _model(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.profit), len(program.rows)
    lp.col_cost_ = program.profit
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_lower_, lp.col_upper_ = program.lower, program.upper
    lp.row_lower_ = np.array([row[2] for row in program.rows])
    lp.row_upper_ = np.array([row[3] for row in program.rows])
    if any(program.whole):
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            for whole in program.whole
        ]
    matrix = lp.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    starts = np.cumsum([0, *(len(row[0]) for row in program.rows)])
    matrix.start_ = starts.astype(np.int32)
    matrix.index_ = np.concatenate([np.asarray(r[0], dtype=np.int32) for r in program.rows])
    matrix.value_ = np.concatenate([np.asarray(r[1], dtype=np.float64) for r in program.rows])
    return lp
