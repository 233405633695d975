"""One announcement, many channels; the delivery ledger that keeps every promise to send."""
