"""What is sent, and what is not, once a doctor must see what was noticed."""

from actions.replies import Reply

# Sent instead of advice once something was noticed that a doctor must see.
REMINDERS = {
    "emergency": Reply("utter_emergency_reminder"),
    "urgent": Reply("utter_urgent_reminder"),
}
# What is sent all the same: whoever must be seen today may ask for a call or a visit.
STILL_SENT = {
    "emergency": frozenset(),
    "urgent": frozenset(
        {
            "utter_book_appointment",
            "utter_ask_for_human",
        }
    ),
}
