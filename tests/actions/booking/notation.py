"""Writes a preference in the notation of phrases.yml."""

from actions.booking.preference import (
    ALL_DAYS,
    AMBIGUOUS,
    NO_DAY,
    UNAVAILABLE,
    Choice,
    Preference,
)

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MANY_DAYS = 4


def notation(preference: Preference, today: str = "2026-03-10") -> str:
    if preference.outcome == NO_DAY:
        return f"no day: {preference.kind}"
    if preference.outcome == AMBIGUOUS:
        readings = [notation(reading, today) for reading in preference.readings]
        return f"ambiguous: {' ; '.join(readings)}"
    text = " or ".join(_choice(choice, today) for choice in preference.choices)
    marks = ["flexible"] * preference.flexible + ["soonest"] * preference.soonest
    text += f" ({', '.join(marks)})" if marks else ""
    if preference.outcome == UNAVAILABLE:
        text = ": ".join(filter(None, [preference.problems[0].code, text]))
    return text


def _choice(choice: Choice, today: str) -> str:
    days = choice.days
    until = f"..{days.last or ''}" if not days.is_one else ""
    text = f"{days.first}{until}"
    if text == f"{today}..":
        text = "any"
    if days.weekdays != ALL_DAYS:
        if len(days.weekdays) >= MANY_DAYS:
            others = [name for n, name in enumerate(NAMES) if n not in days.weekdays]
            text += f" not {','.join(others)}"
        else:
            text += f" only {','.join(NAMES[n] for n in days.weekdays)}"
    return " ".join([text, "/".join(t.code for t in choice.times)]).strip()
