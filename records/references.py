"""References such as K7Q-4MD, which a patient can read out on the phone."""

import secrets

# Nothing that looks or sounds like something else (0 O, 1 I L, 2 Z, 5 S, 8 B, U V),
# and no vowel, so that no word comes out.
SIGNS = "34679CDFGHJKMNPQRTWXY"
LENGTH = 6


def new_reference() -> str:
    """Returns a reference that cannot be guessed, of letters and digits."""
    while True:
        signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
        if is_mixed(signs):
            return f"{signs[:3]}-{signs[3:]}"


def is_mixed(reference: str) -> bool:
    """Says whether letters and digits stand in it, as in every reference we give."""
    return reference.upper() != reference.lower() and any(map(str.isdigit, reference))


def read_reference(typed: str) -> str:
    """Returns a typed reference as it is stored, or "" if it cannot be one.

    Small letters, spaces and a missing hyphen do no harm: `k7q 4md` is `K7Q-4MD`.
    """
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS):
        return ""
    return f"{signs[:3]}-{signs[3:]}"
