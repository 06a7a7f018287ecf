"""Words of the vocabulary as pages say them, marked for translation; ids stay as they are."""

from __future__ import annotations


def N_(message: str) -> str:
    """Marks a message for translation; it is translated where it is shown."""
    return message


WORDS = {
    # States
    "up": N_("up"),
    "down": N_("down"),
    "unreachable": N_("unreachable"),
    "maintenance": N_("maintenance"),
    "unknown": N_("unknown"),
    # Verdicts
    "met": N_("met"),
    "partly": N_("partly met"),
    "unmet": N_("not met"),
    "no_data": N_("no data"),
    # Levels
    "mandatory": N_("mandatory"),
    "desirable": N_("desirable"),
    # Sources
    "measured": N_("measured"),
    "registered": N_("registered"),
    "declared": N_("declared"),
    # Kinds of basis
    "law": N_("law"),
    "norm": N_("norm"),
    "aim": N_("aim of a plan"),
    "ours": N_("chosen by Hatang"),
    # Outcomes
    "ok": N_("answered"),
    "partial": N_("answered in part"),
    "no_answer": N_("no answer"),
    "refused": N_("refused"),
    "error": N_("could not be asked"),
    # Statuses
    "planned": N_("planned"),
    "in_stock": N_("in stock"),
    "in_use": N_("in use"),
    "in_repair": N_("in repair"),
    "lost": N_("lost"),
    "retired": N_("retired"),
    # Classes
    "router": N_("router"),
    "firewall": N_("firewall"),
    "switch": N_("switch"),
    "access_point": N_("access point"),
    "ont": N_("optical terminal"),
    "server": N_("server"),
    "nas": N_("network storage"),
    "desktop": N_("desktop"),
    "laptop": N_("laptop"),
    "printer": N_("printer"),
    "scanner": N_("scanner"),
    "ups": N_("UPS"),
    "camera": N_("camera"),
    "video_conference": N_("video conferencing"),
    "phone": N_("phone"),
    "other": N_("other"),
    # Entries of the register and facts
    "site": N_("Site"),
    "room": N_("Room"),
    "custodian": N_("Custodian"),
    "address": N_("Address"),
    "funding": N_("Funding source"),
    "features": N_("Features"),
    "in_use_since": N_("In use since"),
    "price": N_("Historical cost"),
    "warranty_until": N_("Warranty until"),
    "vendor": N_("Maker"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "os": N_("Operating system"),
    "os_version": N_("Version"),
    "sys_name": N_("System name"),
    "sys_descr": N_("Description"),
    "sys_location": N_("Location (device)"),
    "sys_contact": N_("Contact (device)"),
    "sys_object_id": "sysObjectID",
    "engine_id": "snmpEngineID",
    "base_mac": N_("Base MAC address"),
    "mac": N_("MAC address"),
    "system_uuid": "UUID",
    "uuid": "UUID",
    "kernel": N_("Kernel"),
    "architecture": N_("Architecture"),
    # Storages
    "disk": N_("disk"),
    "memory": N_("memory"),
    "swap": N_("swap"),
    # Kinds of SNMP traps
    "cold_start": N_("started (power on)"),
    "warm_start": N_("restarted itself"),
    "link_down": N_("port went down"),
    "link_up": N_("port came up"),
    "authentication_failure": N_("asked with a wrong community or key"),
    "ups_on_battery": N_("UPS on battery"),
    "ups_on_mains": N_("UPS on mains again"),
    "ups_low_battery": N_("UPS battery low"),
    "ups_battery_recovered": N_("UPS battery no longer low"),
    "ups_alarm": N_("UPS alarm"),
    "ups_alarm_cleared": N_("UPS alarm over"),
    "printer_alert": N_("printer alert"),
    "enterprise": N_("message of the maker"),
}
"""Id -> English."""


REASONS = {
    "timeout": N_("no answer in time"),
    "deadline": N_("not done in time"),
    "no_route": N_("no route to it"),
    "name_not_found": N_("the name is not known to the DNS"),
    "connection_refused": N_("connection refused"),
    "connection_reset": N_("connection broken off"),
    "certificate_invalid": N_("certificate not valid"),
    "tls_failed": N_("no secure connection"),
    "protocol_error": N_("answer against the protocol"),
    "unexpected_status": N_("another status than expected"),
    "malformed": N_("answer not readable"),
    "flood": N_("flood of wrong answers"),
    "unsupported_level": N_("security level not allowed"),
    "not_in_time_window": N_("the device's clock does not hold still"),
    "unknown_user": N_("user not known to the device"),
    "unknown_engine": N_("SNMP engine not known"),
    "wrong_digest": N_("wrong authentication key"),
    "decryption_error": N_("wrong privacy key"),
    "unknown_context": N_("SNMP context not known"),
    "report": N_("message refused"),
    "ignored": N_("message ignored"),
    "no_access": N_("access not allowed"),
    "outside_networks": N_("outside the networks of its credential"),
    "no_permission": N_("this machine does not allow it"),
    "too_many_files": N_("too many open files"),
    "no_local_address": N_("no local address for it"),
    "no_address_family": N_("no such kind of address here"),
    "socket_error": N_("network error on this machine"),
    "still_reading": N_("the look before is not done yet"),
    "unusable": N_("configuration not usable"),
    "defect": N_("a defect in Hatang"),
    "partial": N_("some parts are missing"),
}
"""Reason of a look that failed -> English."""


def reason_word(reason: str) -> str:
    """The English words for a reason; the reason itself where it has none."""
    return REASONS.get(reason, reason.replace("_", " "))


def word(id: str) -> str:
    """The English word for an id; the id itself for what a device invented."""
    return WORDS.get(id, id.replace("_", " "))
