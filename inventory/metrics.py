"""The daemon's own instruments, made from the one table of metrics.

They are objects on a registry that is passed in: nothing is registered at import, and nothing
here measures or serves anything.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from inventory.metric import Metric
from inventory.metric_table import METRICS

__all__ = ["METRICS", "Instruments", "Metric"]


class Instruments:
    """The daemon's own metrics on one registry; every attribute is an object of the library.

    At the start everything is 0, but `store_ok` and `config_reload_ok` are 1: the daemon would
    not run without a store that opened and a configuration that loaded.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str) -> Counter:
            metric = METRICS[name]
            made = Counter(
                metric.family, metric.help, metric.labels, unit=metric.unit, registry=registry
            )
            for value in metric.known:
                made.labels(value)
            return made

        def gauge(name: str) -> Gauge:
            metric = METRICS[name]
            return Gauge(
                metric.family, metric.help, metric.labels, unit=metric.unit, registry=registry
            )

        def histogram(name: str) -> Histogram:
            metric = METRICS[name]
            return Histogram(
                metric.family,
                metric.help,
                metric.labels,
                unit=metric.unit,
                registry=registry,
                buckets=metric.buckets,
            )

        self.polls = counter("hatang_polls_total")
        self.poll_failures = counter("hatang_poll_failures_total")
        self.poll_partial = counter("hatang_poll_partial_total")
        self.poll_duration = histogram("hatang_poll_duration_seconds")
        self.schedule_lag = histogram("hatang_schedule_lag_seconds")
        self.slots_missed = counter("hatang_slots_missed_total")
        self.endpoints_scheduled = gauge("hatang_endpoints_scheduled")
        self.snmp_retries = counter("hatang_snmp_retries_total")
        self.snmp_rejected = counter("hatang_snmp_rejected_total")
        self.snmp_walk_aborted = counter("hatang_snmp_walk_aborted_total")
        self.snmp_traps = counter("hatang_snmp_traps_total")
        self.snmp_traps_rejected = counter("hatang_snmp_traps_rejected_total")
        self.counter_resets = counter("hatang_counters_reset_total")
        self.series_dropped = counter("hatang_series_dropped_total")
        self.queue_length = gauge("hatang_recorder_queue_length")
        self.observations_dropped = counter("hatang_observations_dropped_total")
        self.observations_duplicate = counter("hatang_observations_duplicate_total")
        self.observations_held = gauge("hatang_observations_held")
        self.batch_duration = histogram("hatang_batch_duration_seconds")
        self.batch_rows = counter("hatang_batch_rows_total")
        self.inbox_things = gauge("hatang_inbox_things")
        self.sightings = counter("hatang_sightings_total")
        self.sightings_dropped = counter("hatang_sightings_dropped_total")
        self.scans = counter("hatang_scans_total")
        self.scan_addresses = counter("hatang_scan_addresses_total")
        self.scan_duration = histogram("hatang_scan_duration_seconds")
        self.store_errors = counter("hatang_store_errors_total")
        self.store_ok = gauge("hatang_store_ok")
        self.store_recoveries = counter("hatang_store_recoveries_total")
        self.database_size = gauge("hatang_database_size_bytes")
        self.wal_size = gauge("hatang_wal_size_bytes")
        self.backup_last_success = gauge("hatang_backup_last_success_timestamp_seconds")
        self.backup_failures = counter("hatang_backup_failures_total")
        self.config_reload_ok = gauge("hatang_config_reload_ok")
        self.config_reload_at = gauge("hatang_config_reload_timestamp_seconds")
        self.heartbeat_at = gauge("hatang_heartbeat_timestamp_seconds")
        self.clock_steps = counter("hatang_clock_steps_total")
        self.job_failures = counter("hatang_job_failures_total")
        self.readiness_interval = gauge("hatang_readiness_interval_seconds")
        self.build_info = gauge("hatang_build_info")
        self.store_ok.set(1)
        self.config_reload_ok.set(1)
