"""Job seekers: so far the alerts people ask for by e-mail."""
