"""Which objects hold what a recording must not tell. Names are of the MIBs that define them."""

from __future__ import annotations

from functools import cache

from collectors.snmp.knowledge.book import ProfileBook
from collectors.snmp.session import Oid
from collectors.snmp.simulator.snmprec import parse_oid


class Columns:
    """Objects by OID, each with its name; found for everything at or below them."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = {parse_oid(oid): name for oid, name in names.items()}
        self._lengths = sorted({len(oid) for oid in self._names})

    def length_of(self, oid: Oid) -> int:
        """How many numbers the object has that this OID is, or is below; 0 for none."""
        return next((length for length in self._lengths if oid[:length] in self._names), 0)

    def name_of(self, oid: Oid) -> str | None:
        """The object that this OID is, or is below."""
        for length in self._lengths:
            if name := self._names.get(oid[:length]):
                return name
        return None


NAMES = Columns(
    {
        "1.3.6.1.2.1.1.4": "sysContact",
        "1.3.6.1.2.1.1.5": "sysName",
        "1.3.6.1.2.1.1.6": "sysLocation",
        "1.3.6.1.2.1.33.1.1.5": "upsIdentName",
        "1.3.6.1.2.1.43.5.1.1.4": "prtGeneralCurrentOperator",
        "1.3.6.1.2.1.43.5.1.1.5": "prtGeneralServicePerson",
        "1.3.6.1.2.1.43.5.1.1.16": "prtGeneralPrinterName",
        "1.3.6.1.2.1.47.1.1.1.1.15": "entPhysicalAssetID",
        "1.0.8802.1.1.2.1.3.3": "lldpLocSysName",
        "1.0.8802.1.1.2.1.4.1.1.9": "lldpRemSysName",
        "1.3.6.1.4.1.9.2.1.2": "domainName (OLD-CISCO-SYS-MIB)",
        "1.3.6.1.4.1.9.2.1.3": "hostName (OLD-CISCO-SYS-MIB)",
        "1.3.6.1.4.1.9.9.23.1.2.1.1.6": "cdpCacheDeviceId",
        "1.3.6.1.4.1.9.9.23.1.2.1.1.17": "cdpCacheSysName",
        "1.3.6.1.4.1.9.9.23.1.3.4": "cdpGlobalDeviceId",
        "1.3.6.1.4.1.77.1.4.1": "domPrimaryDomain",
    }
)

REMARKS = Columns(
    {
        "1.3.6.1.2.1.31.1.1.1.18": "ifAlias",
        "1.3.6.1.2.1.33.1.1.6": "upsIdentAttachedDevices",
        "1.3.6.1.2.1.47.1.1.1.1.14": "entPhysicalAlias",
    }
)
"""What people wrote: replaced where it stands, and looked for nowhere else."""

SECRETS = Columns(
    {
        "1.3.6.1.4.1.9.10.56.1.1.2.1.6": "casKey",
        "1.3.6.1.4.1.11.2.3.9.1.1.13": "the password of HP's JetDirect",
        "1.3.6.1.4.1.11.2.4.3.5.9": "the set community of HP's JetDirect",
        "1.3.6.1.4.1.318.2.1.2.1.3": "mconfigTrapReceiverCommunity (APC)",
        "1.3.6.1.6.3.18.1.1.1.2": "snmpCommunityName",
    }
)

SERIALS = Columns(
    {
        "1.3.6.1.2.1.43.5.1.1.17": "prtGeneralSerialNumber",
        "1.3.6.1.2.1.47.1.1.1.1.11": "entPhysicalSerialNum",
        "1.3.6.1.4.1.318.1.1.1.1.2.3": "upsAdvIdentSerialNumber (APC)",
    }
)

MACS = Columns(
    {
        "1.3.6.1.2.1.2.2.1.6": "ifPhysAddress",
        "1.3.6.1.2.1.3.1.1.2": "atPhysAddress",
        "1.3.6.1.2.1.4.22.1.2": "ipNetToMediaPhysAddress",
        "1.3.6.1.2.1.4.35.1.4": "ipNetToPhysicalPhysAddress",
        "1.3.6.1.2.1.17.1.1": "dot1dBaseBridgeAddress",
        "1.3.6.1.2.1.17.2.5": "dot1dStpDesignatedRoot",
        "1.3.6.1.2.1.17.2.15.1.6": "dot1dStpPortDesignatedRoot",
        "1.3.6.1.2.1.17.2.15.1.8": "dot1dStpPortDesignatedBridge",
        "1.3.6.1.2.1.17.4.3.1.1": "dot1dTpFdbAddress",
    }
)
"""Where six octets, or the last six of eight, are a MAC whatever they look like."""

LEFT_OUT = Columns(
    {
        "1.3.6.1.2.1.4.21": "routes (ipRouteTable)",
        "1.3.6.1.2.1.4.24": "routes (IP-FORWARD-MIB)",
        "1.3.6.1.2.1.6.13": "connections (tcpConnTable)",
        "1.3.6.1.2.1.6.19": "connections (tcpConnectionTable)",
        "1.3.6.1.2.1.6.20": "connections (tcpListenerTable)",
        "1.3.6.1.2.1.7.5": "connections (udpTable)",
        "1.3.6.1.2.1.7.7": "connections (udpEndpointTable)",
        "1.3.6.1.2.1.14": "routes (OSPF-MIB)",
        "1.3.6.1.2.1.15.6": "routes (bgp4PathAttrTable)",
        **{f"1.3.6.1.2.1.16.{group}": "traffic of hosts (RMON-MIB)" for group in range(1, 19)},
        "1.3.6.1.2.1.25.4": "running programs (hrSWRun)",
        "1.3.6.1.2.1.25.5": "running programs (hrSWRunPerf)",
        "1.3.6.1.2.1.25.6": "installed programs (hrSWInstalled)",
        "1.3.6.1.4.1.77.1.2.25": "users (svUserTable)",
        "1.3.6.1.4.1.77.1.2.27": "shares (svShareTable)",
        "1.3.6.1.4.1.2021.8": "commands (extTable)",
        "1.3.6.1.4.1.2699.1.1": "print jobs (Job Monitoring MIB)",
        "1.3.6.1.4.1.8072.1.2": "transactions (nsTransactionTable)",
        "1.3.6.1.4.1.8072.1.3.2.2": "commands (nsExtendConfigTable)",
        "1.3.6.1.4.1.8072.1.3.2.4": "commands (nsExtendOutput2Table)",
        "1.3.6.1.4.1.8072.1.9": "users (nsVacmAccessTable)",
    }
)
"""Tables that tell much of people and nothing of the device."""

_MAC_INDEXES = {
    "1.3.6.1.2.1.17.4.3.1": 1,  # dot1dTpFdbTable
    "1.3.6.1.2.1.17.5.1.1": 1,  # dot1dStaticTable
    "1.3.6.1.2.1.17.7.1.2.2.1": 2,  # dot1qTpFdbTable: below the filtering database
    "1.3.6.1.2.1.17.7.1.3.1.1": 2,  # dot1qStaticUnicastTable: the same
}
_IPV4_INDEXES = {
    "1.3.6.1.2.1.3.1.1": 3,  # atTable: below ifIndex and 1
    "1.3.6.1.2.1.4.20.1": 1,  # ipAddrTable
    "1.3.6.1.2.1.4.22.1": 2,  # ipNetToMediaTable: below ifIndex
    "1.3.6.1.2.1.15.3.1": 1,  # bgpPeerTable
}
_TYPED_INDEXES = ("1.3.6.1.2.1.4", "1.0.8802.1.1.2.1")
"""Where type and length come before an address: InetAddress (RFC 4001), LLDP's management
addresses."""

MAC_INDEXES = {parse_oid(oid): skipped for oid, skipped in _MAC_INDEXES.items()}
"""Table -> how many numbers stand between it and the MAC in its index."""
IPV4_INDEXES = {parse_oid(oid): skipped for oid, skipped in _IPV4_INDEXES.items()}
TYPED_INDEXES = tuple(map(parse_oid, _TYPED_INDEXES))


@cache
def serials_of(book: ProfileBook) -> Columns:
    """Every object that a profile takes a serial number from as it is."""
    return Columns(
        {
            ".".join(map(str, source.object)): f"serial number ({name})"
            for name in book.names()
            for source in book[name].serial
            if source.object is not None and source.pattern is None
        }
    )
