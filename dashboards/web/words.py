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
}
"""Id -> English."""


def word(id: str) -> str:
    """The English word for an id; the id itself for what a device invented."""
    return WORDS.get(id, id.replace("_", " "))
