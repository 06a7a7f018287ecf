"""Measures that rest on somebody's word: the contracted line and declared indicators."""

from __future__ import annotations

import datetime as dt

from config.measures import Indicator, LineBandwidth
from inventory.readiness.finding import DECLARED, WEIGHT, Finding, Question
from inventory.readiness.result import Evidence


def line_bandwidth(question: Question[LineBandwidth]) -> Finding:
    """The contracted bandwidth."""
    bps = question.commune.declared.internet_bps
    if bps is None:
        return Finding(None, "not_declared")
    evidence = Evidence(DECLARED, f"{bps / 1e6:g} Mbit/s")
    return Finding(float(bps), "", (evidence,), WEIGHT[DECLARED])


def indicator(question: Question[Indicator]) -> Finding:
    """A declared figure while it holds."""
    declared = question.commune.declared.declared.get(question.measure.indicator)
    if declared is None:
        return Finding(None, "not_declared")
    if declared.as_of > question.today:
        return Finding(None, "not_yet")
    if declared.expires is not None and declared.expires <= question.today:
        return Finding(None, "expired")
    words = filter(None, (f"{declared.value:g}", declared.document, declared.by))
    noon = dt.datetime.combine(declared.as_of, dt.time(12), question.commune.zone).timestamp()
    evidence = Evidence(DECLARED, ", ".join(words), noon)
    return Finding(declared.value, "", (evidence,), WEIGHT[DECLARED] * question.fresh(noon))
