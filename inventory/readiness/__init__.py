"""Readiness: each commune held against a profile of practical requirements. Pure functions."""
