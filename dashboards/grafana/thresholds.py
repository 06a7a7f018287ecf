"""Every number that colours a panel or fires an alert, with the reason for it.

These are our own working values and no norm of anybody; change one here, run
`python -m hatang.generate`, and dashboards and rules follow.
"""

from __future__ import annotations

READINESS_POOR_RATIO = 0.5
"""Below, a commune lacks more than half of what its profile weighs."""

READINESS_GOOD_RATIO = 0.8
"""From here on what is missing is worth a list, not a plan."""

CONFIDENCE_LOW_RATIO = 0.6
"""Below, readiness rests on too little evidence to compare communes by it."""

READINESS_FELL_RATIO = 0.05
"""A fall by more than this in `READINESS_COMPARED_DAYS` is news; one printer is less."""

READINESS_COMPARED_DAYS = 7
"""A week has the same working days as the one before, so office hours do not move the score."""

READINESS_FELL_FOR = "1h"
"""Four evaluations at the default of 15 minutes: a fall that one late poll made is gone by then."""

AVAILABILITY_POOR_RATIO = 0.95
"""Below, a device was away for more than 36 hours of a month."""

AVAILABILITY_GOOD_RATIO = 0.99
"""Above, it was away for less than 8 hours of a month."""

DEVICE_DOWN_FOR = "2m"
"""On top of the attempts (polling.down_after) that made it down: a reboot by hand is no alert."""

UPLINK_DOWN_FOR = "1m"
"""Shorter than a device's: a whole commune is cut off and children are held back meanwhile."""

KEEP_FIRING_FOR = "5m"
"""A line that comes and goes is one alert, not ten: it must be well for this long to end it."""

UPLINK_BUSY_RATIO = 0.7
"""Above, an office notices: queues grow fast beyond, and video conferences suffer first."""

UPLINK_FULL_RATIO = 0.9
"""Above, packets are dropped in every busy minute."""

CPU_BUSY_RATIO = 0.7
"""Above, for a switch or router, answers to management come late."""

CPU_FULL_RATIO = 0.9
"""Above, work waits."""

STORAGE_BUSY_RATIO = 0.8
"""Above, plan for more."""

STORAGE_FULL_RATIO = 0.9
"""Above, copy-on-write and journalling filesystems slow down."""

LATENCY_SLOW_S = 0.1
"""Above, a form with a few round trips feels slow."""

LATENCY_BAD_S = 0.3
"""Above, people press the button a second time."""

CERTIFICATE_SOON_DAYS = 30
"""Time to have a new certificate signed by an office."""

CERTIFICATE_URGENT_DAYS = 7
"""Time to have it signed by somebody who hurries."""

HEARTBEAT_OLD_S = 180
"""The daemon writes one a minute at least; three missed in a row are no chance."""

DAEMON_SILENT_FOR = "2m"
"""A restart with recovery of the database takes less."""

DAEMON_REMEMBERED_FOR = "1d"
"""How long a daemon that has gone is still looked for by name."""

RELOAD_FAILED_FOR = "5m"
"""Time to mend the file that one has just saved."""

BACKUP_OLD_S = 2 * 86_400 + 3_600
"""Two daily backups missed, and an hour for the third to run."""

BACKUP_OLD_FOR = "15m"
"""A backup under way is let finish."""

STORE_ERRORS_WITHIN = "10m"
"""An error counts for this long; a database that was locked once writes again in a second."""

STORE_ERRORS_FOR = "1m"
"""Two evaluations, so that one odd scrape does not alert."""

STORE_NOT_OK_FOR = "2m"
"""What waits in memory lasts for ten cycles of polling; this leaves most of them."""

SUPPLY_LOW_RATIO = 0.1
"""Below, a cartridge lasts days in an office that prints; a new one should be on the shelf."""

SUPPLY_EMPTY_RATIO = 0.03
"""Below, pages come out pale."""

SUPPLY_LOW_FOR = "1h"
"""A cartridge that is shaken or changed is not low any more by then."""

UPS_ON_BATTERY_FOR = "1m"
"""Shorter is a self test or a dip that nobody in the room has seen."""

UPS_CHARGE_LOW_RATIO = 0.3
"""On battery below this, switch off in order; an old battery falls from here at once."""

UPS_CHARGE_GOOD_RATIO = 0.8
"""Above, it has been charged again."""

UPS_RUNTIME_SHORT_S = 300
"""On battery below this, no server can still be shut down at leisure."""

UPS_LOAD_HIGH_RATIO = 0.8
"""Above, what is plugged in next may trip it."""

SENSOR_CRITICAL_FOR = "5m"
"""A fan that starts and a door that opens are over by then."""

READINESS_MISSED = 3
"""Evaluations that did not come in a row: one may wait for a database that is being copied."""

READINESS_MISSED_FOR = "10m"
"""On top of that: a start, or a country that is evaluated for the first time."""

CONFIDENCE_LOW_FOR = "1d"
"""A day without looks is a holiday or a cut, and has alerts of its own."""

MANDATORY_UNMET_FOR = "1h"
"""Four evaluations at the default of 15 minutes: news, and no flutter about a threshold."""
