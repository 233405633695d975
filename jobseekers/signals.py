"""What apps above this one hear of without being known here."""

from django.dispatch import Signal

# A person has been erased. Arguments: person (the record, empty in the database already), addresses (list of e-mail
# addresses that nobody may keep). Sent inside the transaction that erases, so what a receiver changes is erased with
# the person or not at all.
person_erased = Signal()

# Somebody has asked for alerts, by mail or on a device. Argument: request. Apps above may count it, never keep who.
alerts_wanted = Signal()
