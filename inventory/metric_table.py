"""The one table of metrics: name, kind, unit, labels and help of everything that is served.

Instruments, exposition, dashboards, alert rules and docs/metrics.md take their names from
`METRICS`, so that a rename breaks the build and not a panel. Labels are stable ids (an asset's
tag, a commune's code); names that people change stand in `_info` series only.
"""

from __future__ import annotations

from collections.abc import Iterable

from inventory.equipment_metrics import EQUIPMENT
from inventory.metric import Kind, Metric
from inventory.readiness_metrics import READINESS

POLL_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""From a ping on the same switch (milliseconds) to the longest deadline anybody should set."""

BATCH_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
"""From a commit into the page cache to one that waited for a locked database."""

SCAN_BUCKETS_S = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""From a few addresses to several /20 at a careful rate."""


TRAP_REJECTIONS = (
    "unknown_sender",
    "sender_flood",
    "flood",
    "oversize",
    "malformed",
    "wrong_community",
    "unknown_user",
    "unsupported_level",
    "wrong_digest",
    "decryption_error",
    "not_in_time_window",
    "unknown_engine",
    "not_kept",
)
"""Why a trap may be thrown away."""


def _daemon(
    name: str,
    kind: Kind,
    unit: str,
    labels: tuple[str, ...],
    text: str,
    known: tuple[str, ...] = (),
    buckets: tuple[float, ...] = (),
) -> Metric:
    return Metric(name, kind, unit, labels, text, "daemon", known, buckets)


_ASSET = ("commune", "asset")
_INTERFACE = ("commune", "asset", "interface")
_ENDPOINT = ("commune", "asset", "endpoint", "kind")

_TABLE: tuple[Metric, ...] = (
    # What the daemon says of itself.
    _daemon("hatang_build_info", "gauge", "", ("version", "python"), "Always 1; which build runs."),
    _daemon(
        "hatang_heartbeat_timestamp_seconds", "gauge", "seconds", (),
        "When the daemon last wrote its heartbeat to the store, seconds since 1970.",
    ),
    _daemon("hatang_endpoints_scheduled", "gauge", "", (), "Endpoints that are looked at."),
    _daemon(
        "hatang_polls_total", "counter", "", ("kind", "outcome"),
        "Looks at endpoints by kind and outcome.",
    ),
    _daemon(
        "hatang_poll_failures_total", "counter", "", ("kind", "reason"),
        "Looks that failed, by reason (a short stable word such as timeout or wrong_digest).",
    ),
    _daemon(
        "hatang_poll_partial_total", "counter", "", ("kind",),
        "Looks that brought home only a part.",
    ),
    _daemon(
        "hatang_poll_duration_seconds", "histogram", "seconds", ("kind",),
        "How long one whole look took.", buckets=POLL_BUCKETS_S,
    ),
    _daemon(
        "hatang_schedule_lag_seconds", "histogram", "seconds", (),
        "How much later than planned a look began.", buckets=POLL_BUCKETS_S,
    ),
    _daemon(
        "hatang_slots_missed_total", "counter", "", ("reason",),
        "Planned looks that did not happen: overrun (the one before still ran) or late.",
        ("overrun", "late"),
    ),
    _daemon("hatang_snmp_retries_total", "counter", "", (), "SNMP requests sent again."),
    _daemon(
        "hatang_snmp_rejected_total", "counter", "", ("reason",),
        "SNMP answers thrown away: malformed, from elsewhere, or to no open request.",
    ),
    _daemon(
        "hatang_snmp_walk_aborted_total", "counter", "", ("reason",),
        "SNMP walks that were ended by a guard: loop, too many rows, too many bytes, deadline.",
    ),
    _daemon(
        "hatang_snmp_traps_total", "counter", "", (*_ASSET, "kind"),
        "SNMP traps and informs of registered assets that were taken.",
    ),
    _daemon(
        "hatang_snmp_traps_rejected_total", "counter", "", ("reason",),
        "SNMP traps and informs thrown away: sent by a stranger, too many, not authentic, "
        "malformed, or not kept because the store failed for too long.",
        TRAP_REJECTIONS,
    ),
    _daemon(
        "hatang_counters_reset_total", "counter", "", (),
        "Device counters seen to start again; no rate is made across a reset.",
    ),
    _daemon(
        "hatang_clock_steps_total", "counter", "", ("direction",),
        "Jumps of the wall clock against the monotonic clock.", ("forward", "backward"),
    ),
    # The label is not `job`: Prometheus gives that name to the scrape and would rename ours.
    _daemon(
        "hatang_job_failures_total", "counter", "", ("task",),
        "Scheduled jobs (rollups, retention, readiness, backup, heartbeat) that failed.",
    ),
    _daemon(
        "hatang_series_dropped_total", "counter", "", (),
        "Series left out of a scrape, or served with a shortened label, because of a cap.",
    ),
    _daemon(
        "hatang_recorder_queue_length", "gauge", "", (),
        "Observations that wait to be written.",
    ),
    _daemon(
        "hatang_observations_dropped_total", "counter", "", (),
        "Observations lost because the queue and the holding ring were full.",
    ),
    _daemon(
        "hatang_observations_duplicate_total", "counter", "", (),
        "Observations that had been recorded before and were not recorded again.",
    ),
    _daemon(
        "hatang_observations_held", "gauge", "", (),
        "Observations held in memory while the clock shows no date that can be right.",
    ),
    _daemon(
        "hatang_batch_duration_seconds", "histogram", "seconds", (),
        "How long one transaction of the recorder took.", buckets=BATCH_BUCKETS_S,
    ),
    _daemon("hatang_batch_rows_total", "counter", "", (), "Rows that the recorder committed."),
    # Discovery and the inbox.
    _daemon(
        "hatang_inbox_things", "gauge", "", ("state",),
        "Things that were seen and are not registered (new), by state.",
        ("new", "ignored", "registered"),
    ),
    _daemon(
        "hatang_sightings_total", "counter", "", ("how",),
        "Times that sweeps, neighbours or traps told of a thing.", ("scan", "neighbour", "trap"),
    ),
    _daemon(
        "hatang_sightings_dropped_total", "counter", "", (),
        "Sightings lost because the inbox or its queue was full.",
    ),
    _daemon(
        "hatang_scans_total", "counter", "", ("outcome",),
        "Sweeps for devices that ended: finished, stopped or failed.",
        ("finished", "stopped", "failed"),
    ),
    _daemon(
        "hatang_scan_addresses_total", "counter", "", (), "Addresses that sweeps have looked at.",
    ),
    _daemon(
        "hatang_scan_duration_seconds", "histogram", "seconds", (),
        "How long a sweep took, its part before a stop included.", buckets=SCAN_BUCKETS_S,
    ),
    _daemon(
        "hatang_store_errors_total", "counter", "", ("kind",),
        "Database errors while writing: disk full, input or output error, locked, corrupt.",
        ("full", "io", "busy", "corrupt", "other"),
    ),
    _daemon("hatang_store_ok", "gauge", "", (), "1 while the store can be written, else 0."),
    _daemon(
        "hatang_store_recoveries_total", "counter", "", (),
        "Starts that found the traces of a stop that was not clean.",
    ),
    _daemon("hatang_database_size_bytes", "gauge", "bytes", (), "Size of the database file."),
    _daemon("hatang_wal_size_bytes", "gauge", "bytes", (), "Size of the write-ahead log."),
    _daemon(
        "hatang_backup_last_success_timestamp_seconds", "gauge", "seconds", (),
        "When the newest checked backup was made, seconds since 1970; 0 when there is none.",
    ),
    _daemon("hatang_backup_failures_total", "counter", "", (), "Backups that failed."),
    _daemon(
        "hatang_config_reload_ok", "gauge", "", (),
        "1 when the last configuration that was offered is the one that runs, else 0.",
    ),
    _daemon(
        "hatang_config_reload_timestamp_seconds", "gauge", "seconds", (),
        "When the running configuration was loaded, seconds since 1970.",
    ),
    _daemon(
        "hatang_readiness_interval_seconds", "gauge", "seconds", (),
        "Time from one evaluation of every commune to the next, as it is set.",
    ),
    # Assets.
    Metric(
        "hatang_asset_up", "gauge", "", _ASSET,
        "1 up, 0 down or unreachable; absent while unknown or in maintenance.",
    ),
    Metric(
        "hatang_asset_state", "gauge", "", (*_ASSET, "state"),
        "1 for the state that holds, 0 for the other four.",
    ),
    Metric(
        "hatang_asset_state_since_timestamp_seconds", "gauge", "seconds", _ASSET,
        "When the present state began, seconds since 1970.",
    ),
    Metric(
        "hatang_asset_info", "info", "",
        (*_ASSET, "class", "name", "status", "site", "vendor", "model", "serial", "os", "edge"),
        "Always 1; names and facts of an asset, registered before measured.",
    ),
    Metric(
        "hatang_asset_availability_ratio", "gauge", "ratio", (*_ASSET, "window"),
        "Up over up and down; absent without evidence.",
    ),
    Metric(
        "hatang_asset_coverage_ratio", "gauge", "ratio", (*_ASSET, "window"),
        "Share of the window with evidence of up or down.",
    ),
    Metric(
        "hatang_asset_boot_time_seconds", "gauge", "seconds", _ASSET,
        "When the device started, seconds since 1970.",
    ),
    Metric("hatang_asset_reboots_total", "counter", "", _ASSET, "Restarts of the device seen."),
    Metric(
        "hatang_asset_cpu_ratio", "gauge", "ratio", _ASSET,
        "Share of all processors in use at the last look.",
    ),
    Metric(
        "hatang_asset_storage_size_bytes", "gauge", "bytes", (*_ASSET, "storage", "kind"),
        "Size of a filesystem or memory area (kind is disk, memory or swap).",
    ),
    Metric(
        "hatang_asset_storage_used_bytes", "gauge", "bytes", (*_ASSET, "storage", "kind"),
        "Used part of a filesystem or memory area.",
    ),
    # Interfaces: the label is ifName, because an ifIndex may be another port after a restart.
    Metric(
        "hatang_interface_info", "info", "", (*_INTERFACE, "index", "alias", "mac", "uplink"),
        "Always 1; names of an interface. uplink is true or false.",
    ),
    Metric(
        "hatang_interface_receive_bytes_total", "counter", "bytes", _INTERFACE,
        "Bytes received (ifHCInOctets or ifInOctets as the device counts).",
    ),
    Metric(
        "hatang_interface_transmit_bytes_total", "counter", "bytes", _INTERFACE,
        "Bytes sent (ifHCOutOctets or ifOutOctets as the device counts).",
    ),
    Metric(
        "hatang_interface_receive_errors_total", "counter", "", _INTERFACE,
        "Packets received with errors (ifInErrors).",
    ),
    Metric(
        "hatang_interface_transmit_errors_total", "counter", "", _INTERFACE,
        "Packets not sent because of errors (ifOutErrors).",
    ),
    Metric(
        "hatang_interface_receive_discards_total", "counter", "", _INTERFACE,
        "Packets received and discarded though good (ifInDiscards).",
    ),
    Metric(
        "hatang_interface_transmit_discards_total", "counter", "", _INTERFACE,
        "Packets discarded instead of sent though good (ifOutDiscards).",
    ),
    Metric(
        "hatang_interface_speed_bytes_per_second", "gauge", "bytes_per_second", _INTERFACE,
        "Nominal speed; bytes, so that traffic over speed is a ratio.",
    ),
    Metric(
        "hatang_interface_admin_up", "gauge", "", _INTERFACE,
        "1 when the interface is meant to be up (ifAdminStatus), else 0.",
    ),
    Metric(
        "hatang_interface_oper_up", "gauge", "", _INTERFACE,
        "1 when the interface is up (ifOperStatus), else 0.",
    ),
    # Endpoints.
    Metric(
        "hatang_endpoint_up", "gauge", "", _ENDPOINT,
        "1 when the last look was answered, 0 when not; absent when the fault was ours.",
    ),
    Metric(
        "hatang_endpoint_last_look_timestamp_seconds", "gauge", "seconds", _ENDPOINT,
        "When the last look ended, seconds since 1970.",
    ),
    Metric(
        "hatang_endpoint_consecutive_failures", "gauge", "", _ENDPOINT,
        "Looks without an answer since the last one with an answer.",
    ),
    Metric(
        "hatang_endpoint_latency_seconds", "gauge", "seconds", _ENDPOINT,
        "Round trip of one request at the last look.",
    ),
    Metric(
        "hatang_endpoint_loss_ratio", "gauge", "ratio", _ENDPOINT,
        "Share of requests without an answer at the last look.",
    ),
    Metric(
        "hatang_endpoint_http_status_code", "gauge", "", _ENDPOINT,
        "Status of the last web answer.",
    ),
    Metric(
        "hatang_endpoint_certificate_expiry_timestamp_seconds", "gauge", "seconds", _ENDPOINT,
        "When the served certificate expires, seconds since 1970.",
    ),
)  # fmt: skip


def _by_name(table: Iterable[Metric]) -> dict[str, Metric]:
    result: dict[str, Metric] = {}
    for metric in table:
        if metric.name in result:
            raise ValueError(f"{metric.name} stands twice in the table of metrics")
        result[metric.name] = metric
    return result


METRICS: dict[str, Metric] = _by_name((*_TABLE, *EQUIPMENT, *READINESS))
"""Every metric by its name, in the order in which docs/metrics.md shows them."""
