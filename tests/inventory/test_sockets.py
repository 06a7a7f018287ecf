"""Network sockets and radios, told from what is made of them by type and name."""

import pytest

from inventory.observation import InterfaceReading
from inventory.sockets import sockets


def of(*names, if_type=6):
    return [InterfaceReading(n, name, if_type=if_type) for n, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    "name",
    ["eth0", "ether1", "GigabitEthernet1/0/24", "Gi0/1", "1:24", "24", "eno1", "enp3s0", "lan2"],
)
def test_a_socket_counts(name):
    assert sockets(of(name)) == {"lan_ports": 1}


@pytest.mark.parametrize(
    "name",
    [
        "lo",
        "br0",
        "bridge",
        "vlan10",
        "Vlan1",
        "bond0",
        "port-channel1",
        "docker0",
        "vethab12",
        "eth0.100",
        "Vlanif10",
        "BAGG1",
        "tun0",
        "GigabitEthernet0/0/1.20",
        "Eth-Trunk1",
    ],
)
def test_what_is_made_of_sockets_does_not(name):
    assert sockets(of(name)) == {}


def test_radios_are_counted_apart_by_type_or_by_name():
    found = sockets([*of("wlan0", "wifi1", "eth0"), *of("radio", if_type=71)])
    assert found == {"lan_ports": 1, "wifi_radios": 3}


def test_an_interface_without_a_type_tells_nothing():
    assert sockets(of("eth0", if_type=None) + of("lo", if_type=24)) == {}
