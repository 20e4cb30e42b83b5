"""Structured logs, one JSON object a line, without personal data.

A line may hold ids, acts, address templates, states and times; never a name, a telephone number, an identity number, an
e-mail address, a query string or the text of a database error, which repeats the row it was about.
"""

import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Longest first: an identity number contains what looks like a telephone number.
PERSONAL = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "[identity number]"),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "[telephone]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"\?[\w%.\[\]-]+=\S*"), "?[query]"),
)
# Django puts the full address into the message and Celery the text of the error; both stand behind a colon.
LOGGERS_WITH_VALUES = ("django.request", "django.security", "celery.app.trace")

# What every line passes before it is formatted, from structlog's loggers and from everybody else's.
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    structlog.stdlib.ExtraAdder(allow={"request_id"}),
]
# One list for good: a logger keeps the list that it met at its first line, however often logging is configured after that.
PROCESSORS: list[Processor] = [
    structlog.stdlib.filter_by_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    *SHARED,
    structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
]


def without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Reduce "Not Found: /claims/3/" and "Task x[id] raised unexpected: ValueError('王')" to what stands before the colon."""
    record = event.get("_record")
    if record is not None and record.name.startswith(LOGGERS_WITH_VALUES):
        event["event"] = str(event["event"]).split(":", 1)[0]
    return event


def exception_without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the places it passed; its message may repeat what a person typed."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if not isinstance(error, BaseException):
        return event
    event["error"] = type(error).__name__
    event["places"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    return event


def without_personal_data(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The last wall: patterns of personal data are masked wherever they stand."""
    return {name: value if name.startswith("_") else _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, replacement in PERSONAL:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return value


def configured_logging(*, level: str, readable: bool) -> dict[str, Any]:
    """The LOGGING setting; structlog's loggers and everybody else's end in the same lines on standard error.

    `readable` writes coloured lines with tracebacks for a developer's terminal instead of JSON.
    """
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if readable
        else [
            exception_without_values,
            without_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    structlog.configure(
        processors=PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    without_values,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *last,
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": level},
        # Django's own handlers would write everything a second time; the request log replaces the server's.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # Two lines for every task say nothing that a failure's line does not.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "WARNING"},
        },
    }
