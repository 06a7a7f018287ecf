"""What a reader can choose at the top of a dashboard: data source, commune, asset.

The value is the stable code or tag; the text is the present name, so a renamed commune keeps its
links and bookmarks.
"""

from __future__ import annotations

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana.panels import DATASOURCE
from dashboards.grafana.promql import checked


def datasource() -> build.DatasourceVariable:
    """Which Prometheus."""
    return build.DatasourceVariable("datasource").label("Nguồn / Source").type("prometheus")


def commune() -> build.QueryVariable:
    """One, several or all communes; `$commune` is a regular expression of codes."""
    return (
        _named("commune", "max by (commune, name) (hatang_commune_info)")
        .label("Xã / Commune")
        .multi(True)
        .include_all(True)
        .all_value(".+")
        .current(model.VariableOption(selected=True, text="All", value="$__all"))
    )


def asset() -> build.QueryVariable:
    """One asset of the chosen communes; `$asset` is its tag."""
    expr = 'max by (asset, name) (hatang_asset_info{commune=~"$commune"})'
    return _named("asset", expr).label("Thiết bị / Device")


def _named(label: str, expr: str) -> build.QueryVariable:
    return (
        build.QueryVariable(label)
        .datasource(DATASOURCE)
        .query({"query": f"query_result({checked(expr)})", "refId": label})
        .regex(f'/{label}="(?<value>[^"]+)".*[{{,]name="(?<text>[^"]+)"/')
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_CASE_INSENSITIVE_ASC)
    )
