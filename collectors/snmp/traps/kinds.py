"""What a notification is about, by its snmpTrapOID: one table of the kinds that Hatang knows.

Whatever the table does not have is `enterprise` and keeps its OID. Facts from SNMPv2-MIB, IF-MIB,
UPS-MIB (RFC 1628), Printer-MIB, PowerNet-MIB (APC), XUPS-MIB and MG-SNMP-UPS-MIB (Eaton),
XPPC-MIB and EPPC-MIB (Phoenixtec cards, as in Santak's UPS), DeltaUPS-MIB.
"""

from __future__ import annotations

from collections.abc import Iterable

from collectors.snmp.session import Oid
from collectors.snmp.text import oid

ENTERPRISE = "enterprise"

_TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cold_start", ("1.3.6.1.6.3.1.1.5.1",)),
    ("warm_start", ("1.3.6.1.6.3.1.1.5.2",)),
    ("link_down", ("1.3.6.1.6.3.1.1.5.3",)),
    ("link_up", ("1.3.6.1.6.3.1.1.5.4",)),
    ("authentication_failure", ("1.3.6.1.6.3.1.1.5.5",)),
    (
        "ups_on_battery",
        (
            "1.3.6.1.2.1.33.2.1",  # upsTrapOnBattery
            "1.3.6.1.2.1.33.2.0.1",  # the same, translated from v1
            "1.3.6.1.4.1.318.0.5",  # PowerNet-MIB upsOnBattery
            "1.3.6.1.4.1.534.1.11.4.1.0.3",  # XUPS-MIB xupstdOnBattery
            "1.3.6.1.4.1.705.1.11.0.11",  # MG-SNMP-UPS-MIB upsmgOnBattery
            "1.3.6.1.4.1.935.0.5",  # XPPC-MIB upsOnBattery
            "1.3.6.1.4.1.935.10.1.2.0.7",  # EPPC-MIB upsEOnBattery
            "1.3.6.1.4.1.2254.2.4.20.0.3",  # DeltaUPS-MIB dupsPowerFail
        ),
    ),
    (
        "ups_on_mains",
        (
            "1.3.6.1.4.1.318.0.9",  # powerRestored
            "1.3.6.1.4.1.534.1.11.4.1.0.5",  # xupstdUtilityPowerRestored
            "1.3.6.1.4.1.705.1.11.0.12",  # upsmgReturnFromBattery
            "1.3.6.1.4.1.935.0.9",  # powerRestored
            "1.3.6.1.4.1.935.10.1.2.0.8",  # upsENotOnBattery
            "1.3.6.1.4.1.2254.2.4.20.0.4",  # dupsPowerRestored
        ),
    ),
    (
        "ups_low_battery",
        (
            "1.3.6.1.4.1.318.0.7",  # lowBattery
            "1.3.6.1.4.1.534.1.11.4.1.0.4",  # xupstdLowBattery
            "1.3.6.1.4.1.935.0.7",  # lowBattery
            "1.3.6.1.4.1.935.10.1.2.0.3",  # upsELowBattery
            "1.3.6.1.4.1.2254.2.4.20.0.5",  # dupsLowBattery
        ),
    ),
    (
        "ups_battery_recovered",
        (
            "1.3.6.1.4.1.318.0.11",  # returnFromLowBattery
            "1.3.6.1.4.1.534.1.11.4.1.0.6",  # xupstdReturnFromLowBattery
            "1.3.6.1.4.1.935.0.11",  # returnFromLowBattery
            "1.3.6.1.4.1.935.10.1.2.0.4",  # upsEReturnFromLowBattery
            "1.3.6.1.4.1.2254.2.4.20.0.6",  # dupsReturnFromLowBattery
        ),
    ),
    # upsTrapAlarmEntryAdded and -Removed of an alarm that _ALARMS does not name.
    ("ups_alarm", ("1.3.6.1.2.1.33.2.3", "1.3.6.1.2.1.33.2.0.3")),
    ("ups_alarm_cleared", ("1.3.6.1.2.1.33.2.4", "1.3.6.1.2.1.33.2.0.4")),
    ("printer_alert", ("1.3.6.1.2.1.43.18.2.0.1",)),  # printerV2Alert, and printerV1Alert in v1
)

_KINDS: dict[Oid, str] = {oid(dots): name for name, many in _TABLE for dots in many}

_ALARMS: dict[str, tuple[str, str]] = {
    "1.3.6.1.2.1.33.1.6.3.2": ("ups_on_battery", "ups_on_mains"),  # upsAlarmOnBattery
    "1.3.6.1.2.1.33.1.6.3.3": ("ups_low_battery", "ups_battery_recovered"),  # upsAlarmLowBattery
}
"""A well-known alarm of RFC 1628 -> the kind when it comes, and when it goes."""
_ALARM_DESCR = "1.3.6.1.2.1.33.1.6.2.1.2."

KINDS: tuple[str, ...] = (*(name for name, _ in _TABLE), ENTERPRISE)
"""Every kind that a trap may have."""

NO_LOOK = frozenset({"authentication_failure"})
"""Kinds after which the device is not looked at: that somebody asked with a wrong community says
nothing of its state, and where it was us, looking again would make the next one."""


def kind_of(trap_oid: Oid, bindings: Iterable[tuple[str, str]]) -> str:
    """The kind of a notification; bindings as (dotted OID, text).

    >>> kind_of(oid("1.3.6.1.6.3.1.1.5.3"), ()), kind_of(oid("1.3.6.1.4.1.9.9.41.2.0.1"), ())
    ('link_down', 'enterprise')
    """
    kind = _KINDS.get(trap_oid, ENTERPRISE)
    if kind in ("ups_alarm", "ups_alarm_cleared"):
        for name, value in bindings:
            if name.startswith(_ALARM_DESCR) and value in _ALARMS:
                return _ALARMS[value][kind == "ups_alarm_cleared"]
    return kind
