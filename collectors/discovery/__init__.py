"""Looks through ranges of addresses for devices that nobody registered.

Ping, then the commune's credentials in order, then what the device is. What is found is handed
on as sightings; nothing here stores or decides what they are registered as.
"""
