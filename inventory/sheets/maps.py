"""Ready maps: which column of another program's export is which field of ours.

Names of columns are those of the programs' own exports: GLPI 10 and 11 (search results as CSV, in
English and French), NetBox 3 and 4 (device table and bulk import), Snipe-IT 6 to 8 (custom asset
report and import), LibreNMS (devices from its API or table).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from inventory.sheets.fields import WARRANTY_MONTHS, field_of, plain, without_brackets


@dataclass(frozen=True, slots=True)
class SheetMap:
    """columns: title -> key; "" leaves a column out. defaults: key -> what a new asset has where
    its cell is empty. title: what a page calls it."""

    name: str
    title: str
    columns: Mapping[str, str]
    defaults: Mapping[str, str] = field(default_factory=dict)

    def knows(self) -> Callable[[str], str | None]:
        """What says which field a title names: this map, else what anybody would take it for."""
        own = {plain(title): key for title, key in self.columns.items()}

        def named(title: str) -> str | None:
            key = plain(title)
            found = own.get(key, own.get(without_brackets(key)))
            return field_of(title) if found is None else found or None

        return named


GLPI = SheetMap(
    "glpi",
    "GLPI",
    {
        "Name": "name",
        "Nom": "name",
        "Entity": "",
        "Entité": "",
        "Status": "status",
        "Statut": "status",
        "Manufacturer": "vendor",
        "Fabricant": "vendor",
        "Serial number": "serial",
        "Numéro de série": "serial",
        "Type": "class",
        "Model": "model",
        "Modèle": "model",
        "Location": "site",
        "Lieu": "site",
        "Operating System - Name": "os",
        "ID": "",
        "Système d'exploitation - Nom": "os",
        "Inventory number": "tag",
        "Numéro d'inventaire": "tag",
        "User": "custodian",
        "Utilisateur": "custodian",
        "Alternate username": "custodian",
        "Usager": "custodian",
        "Comments": "note",
        "Commentaires": "note",
        "Last update": "",
        "Dernière modification": "",
        "Components - Processor": "",
        "Composants - Processeur": "",
        "Group": "room",
        "Groupe": "room",
        "Network - IP": "address",
        "Réseau - IP": "address",
        "Financial and administrative information - Date of purchase": "purchased",
        "Financial and administrative information - Startup date": "in_use_since",
        "Financial and administrative information - Value": "price_vnd",
        "Financial and administrative information - Supplier": "supplier",
        "Financial and administrative information - Invoice number": "invoice",
        "Financial and administrative information - Immobilization number": "card",
        "Financial and administrative information - Warranty expiration date": "warranty_until",
        "Financial and administrative information - Budget": "funding",
    },
)

NETBOX = SheetMap(
    "netbox",
    "NetBox",
    {
        "Name": "name",
        "Status": "status",
        "Tenant": "",
        "Tenant Group": "",
        "Region": "",
        "Site": "site",
        "Location": "room",
        "Rack": "custom.rack",
        "Position": "",
        "Role": "class",
        "Device role": "class",
        "Manufacturer": "vendor",
        "Type": "model",
        "Device type": "model",
        "Platform": "os",
        "Serial number": "serial",
        "Serial": "serial",
        "Asset tag": "tag",
        "IP Address": "address",
        "ID": "",
        "Face": "",
        "IPv4 Address": "address",
        "IPv6 Address": "",
        "Primary IP": "address",
        "Primary IPv4": "address",
        "Description": "note",
        "Comments": "",
        "Tags": "",
        "Contacts": "custodian",
        "Created": "",
        "Last updated": "",
        "Site Group": "",
        "Parent Device": "",
        "Virtual Chassis": "",
        "Cluster": "",
        "Airflow": "",
    },
)

SNIPE_IT = SheetMap(
    "snipe-it",
    "Snipe-IT",
    {
        "Asset Name": "name",
        "Item Name": "name",
        "Asset Tag": "tag",
        "Model": "model",
        "Model Name": "model",
        "Model No.": "",
        "Model Number": "",
        "Category": "class",
        "Manufacturer": "vendor",
        "Serial": "serial",
        "Serial number": "serial",
        "Purchased": "purchased",
        "Purchase Date": "purchased",
        "Cost": "price_vnd",
        "Purchase Cost": "price_vnd",
        "Order Number": "invoice",
        "Supplier": "supplier",
        "Location": "site",
        "Default Location": "",
        "Checked Out": "custodian",
        "Checked Out To": "custodian",
        "Full Name": "custodian",
        "Username": "",
        "Email": "",
        "Department": "room",
        "Status": "status",
        "Warranty": WARRANTY_MONTHS,
        "Warranty Months": WARRANTY_MONTHS,
        "Warranty Expires": "warranty_until",
        "Notes": "note",
        "Company": "",
        "ID": "",
        "EOL": "",
        "EOL Date": "",
        "Value": "",
        "Diff": "",
        "Type": "",
        "Checkout Date": "in_use_since",
        "Created At": "",
        "Updated At": "",
        "Address": "",
        "City": "",
        "State": "",
        "Country": "",
        "Zip": "",
    },
)

LIBRENMS = SheetMap(
    "librenms",
    "LibreNMS",
    {
        "hostname": "address",
        "sysName": "name",
        "display": "name",
        "ip": "",
        "hardware": "model",
        "os": "os",
        "version": "",
        "serial": "serial",
        "type": "class",
        "location": "site",
        "purpose": "note",
        "notes": "",
        "status": "",
        "device_id": "",
        "features": "",
        "sysDescr": "",
        "sysContact": "custodian",
        "uptime": "",
        "icon": "",
        "Device": "address",
        "Platform": "model",
        "Operating System": "os",
        "Vendor": "vendor",
        "Up/Down Time": "",
        "Metrics": "",
        "Actions": "",
        "location_id": "",
        "disabled": "",
    },
    {"status": "in_use"},
)

READY = {one.name: one for one in (GLPI, NETBOX, SNIPE_IT, LIBRENMS)}
"""Name -> map, as `--map` and the page have them."""
