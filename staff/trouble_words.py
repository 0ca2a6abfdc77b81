"""Says in plain words what a trouble of WhatsApp means, and what to do."""

from dataclasses import dataclass

from records.troubles import ACCOUNT, NOTICE, Trouble

PHONE = "Phone the patient."
TECHNICIAN = "Tell whoever runs the program: docs/whatsapp.md lists this code."
OVER = "The patient has not written for 24 hours, and there is no template for this."
KNOWN = {
    "131047": OVER,
    "63016": OVER,
    "no template": OVER,
    "not set up": "WhatsApp is not set up in the worker.",
    "unknown address": "It is not known any more where the patient writes from.",
    "131026": "The patient's WhatsApp cannot take it: blocked, or too old.",
    "63024": "The patient's WhatsApp cannot take it: blocked, or too old.",
    "131030": "The number is not on Meta's list of test numbers.",
    "132001": "The template does not exist at Meta, or not in this language.",
    "132015": "Meta has paused the template.",
    "132016": "Meta has switched off the template for good.",
    "too late": "It could not be sent for a whole day.",
    "190": "The access token has expired or was withdrawn.",
    "20003": "Twilio does not accept account and token.",
    "131042": "There is a trouble with the payment at Meta.",
    "368": "Meta has restricted the account for breaking its rules.",
    "131031": "Meta has locked the account.",
    "130497": "The account may not write to patients in this country.",
}


@dataclass(frozen=True)
class Explained:
    """A trouble as it is shown."""

    title: str
    why: str
    what_to_do: str


def explained(trouble: Trouble) -> Explained:
    """Returns what happened, why, and what to do."""
    code, _, event = trouble.code.partition(" (")
    why = KNOWN.get(code, f"WhatsApp gives the code {code}.")
    if trouble.kind == ACCOUNT:
        return Explained("WhatsApp does not work", why, TECHNICIAN)
    if trouble.kind == NOTICE:
        about = event.rstrip(")").replace("_", " ") or "your answer"
        return Explained(f"A patient was not told: {about}", why, PHONE)
    title = "A reply of the chat did not arrive"
    return Explained(title, why, "If there is a request, phone the patient.")
