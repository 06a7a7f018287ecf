"""The rows of the table of metrics for communes and their requirements.

What is said of a commune is some thirty series, so that a whole country (3,321 communes) is
100,000 and fits one scrape. What is said of each requirement is ten times as much and belongs to a
part of its own, which a large installation has served commune by commune.
"""

from __future__ import annotations

from inventory.metric import Metric, Part

_REQUIREMENT = ("commune", "requirement")
_OF_COMMUNES: Part = "communes"
_OF_REQUIREMENTS: Part = "requirements"

READINESS: tuple[Metric, ...] = (
    Metric(
        "hatang_commune_info", "info", "", ("commune", "name", "level", "parent"),
        "Always 1; the name of a commune and the code of its parent.", _OF_COMMUNES,
    ),
    Metric(
        "hatang_commune_readiness_ratio", "gauge", "ratio", ("commune", "pillar"),
        "Weighted share fulfilled of what is known; pillar all is the total; absent when unknown.",
        _OF_COMMUNES,
    ),
    Metric(
        "hatang_commune_readiness_confidence_ratio", "gauge", "ratio", ("commune", "pillar"),
        "How much of the readiness rests on evidence; pillar all is the total.", _OF_COMMUNES,
    ),
    Metric(
        "hatang_commune_evaluated_timestamp_seconds", "gauge", "seconds", ("commune",),
        "When the commune was last evaluated, seconds since 1970.", _OF_COMMUNES,
    ),
    Metric(
        "hatang_commune_requirements", "gauge", "", ("commune", "level", "state"),
        "Requirements by level (mandatory, desirable) and verdict.", _OF_COMMUNES,
    ),
    Metric(
        "hatang_commune_gap_cost_vnd", "gauge", "vnd", ("commune", "level"),
        "What mending every gap of a level would cost, Vietnamese dong.", _OF_COMMUNES,
    ),
    Metric(
        "hatang_commune_above_norm", "gauge", "", ("commune",),
        "Requirements of which the commune has more than the norm allows.", _OF_COMMUNES,
    ),
    Metric(
        "hatang_commune_forecast_cost_vnd", "gauge", "vnd", ("commune", "ends", "due"),
        "What replacing costs that ends (life, support) within 12 months (due year) or has ended "
        "already (due overdue), Vietnamese dong.", _OF_COMMUNES,
    ),
    Metric(
        "hatang_requirement_title_info", "info", "", ("requirement", "title", "title_vi"),
        "Always 1; what a requirement of the profile is called, in English and Vietnamese.",
        _OF_COMMUNES,
    ),
    Metric(
        "hatang_requirement_info", "info", "", (*_REQUIREMENT, "pillar", "level", "unit"),
        "Always 1; where a requirement belongs and in what its gap is counted.", _OF_REQUIREMENTS,
    ),
    Metric(
        "hatang_requirement_state", "gauge", "", (*_REQUIREMENT, "state"),
        "1 for the verdict that holds (met, partly, unmet, unknown, exempt), 0 for the others.",
        _OF_REQUIREMENTS,
    ),
    Metric(
        "hatang_requirement_confidence_ratio", "gauge", "ratio", _REQUIREMENT,
        "How much of the verdict rests on evidence.", _OF_REQUIREMENTS,
    ),
    Metric(
        "hatang_requirement_gap", "gauge", "", _REQUIREMENT,
        "How much is missing, in the unit that hatang_requirement_info names.", _OF_REQUIREMENTS,
    ),
    Metric(
        "hatang_requirement_gap_cost_vnd", "gauge", "vnd", _REQUIREMENT,
        "What mending the gap would cost, Vietnamese dong.", _OF_REQUIREMENTS,
    ),
)  # fmt: skip
"""See the module."""
