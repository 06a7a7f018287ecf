#!/bin/sh
# What the tests need from Debian: installed when run as root, else named in one line.
set -eu
missing=""
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing="$missing $2"; }
need snmpd snmpd
need snmpget snmp
need prometheus prometheus
need promtool prometheus
need chromium chromium
[ -z "$missing" ] && exit 0
missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests need more from Debian; run: sudo apt-get install -y --no-install-recommends $missing" >&2
    exit 1
fi
echo "Installing from Debian: $missing"
export DEBIAN_FRONTEND=noninteractive
# The daemons that these packages bring are started by the tests alone, each on its own port.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    trap 'rm -f $policy' EXIT
fi
apt-get update -q >/dev/null
apt-get install -q -y --no-install-recommends $missing >/dev/null
