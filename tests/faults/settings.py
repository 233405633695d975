"""The site's settings with leases so short that a test can wait for them."""

from config.settings import *  # noqa: F403

LEASE_SECONDS = 3
