"""JSON log lines with structlog: event, level, time, request id, user id, and never personal data."""

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL = {"email", "address", "phone", "name", "nik", "recipient", "password", "code"}


def hide_personal_data(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: "***" if key in PERSONAL else value for key, value in event.items()}


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def formatter() -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            hide_personal_data,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
