from jobseekers.admin import alerts, settings

__all__ = ["alerts", "settings"]
