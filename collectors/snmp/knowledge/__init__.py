"""What is known of devices, as data: profiles are chosen, their questions asked, answers read.

`schema` says what a profile file may hold, `book` reads the files, `learn` asks one device.
"""
