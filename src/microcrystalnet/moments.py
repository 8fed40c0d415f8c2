"""Times by the clocks of computers, which may be wrong by any number of years."""

from datetime import UTC, datetime, timedelta, tzinfo

LATEST_MS = 253_402_300_799_999  # the last millisecond of the year 9999, where calendars end
ODD = "outside the calendar"
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def moment(milliseconds: float, zone: tzinfo | None = UTC) -> datetime | None:
    """Give a time in milliseconds since 1970, or None where it lies outside the calendar.

    ``zone`` is the time zone to give it in; None for that of this computer.
    """
    try:
        return (_BEGIN + timedelta(milliseconds=milliseconds)).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return None


def day(milliseconds: float) -> str:
    """Write the day of such a time, UTC, as ``2026-11-20``."""
    found = moment(milliseconds)
    return ODD if found is None else found.date().isoformat()
