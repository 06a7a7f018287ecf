"""Grafana dashboards and Prometheus rules as code.

Nothing that runs needs these modules: they write `generated/`, which is checked in and shipped.
"""
