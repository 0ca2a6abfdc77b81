"""What switches on a WhatsApp channel that speaks with the stand-in."""

from tests.standins.graph import APP_SECRET, TOKEN, VERIFY_TOKEN, Graph
from tests.standins.payloads import PHONE_NUMBER_ID

CHANNEL = "\naddons.channels.whatsapp.WhatsAppInput:\n"


def variables(graph: Graph) -> dict[str, str]:
    """Returns the environment of the Rasa server and the worker."""
    return {
        "CLINIC_WHATSAPP_PHONE_ID": PHONE_NUMBER_ID,
        "CLINIC_WHATSAPP_TOKEN": TOKEN,
        "CLINIC_WHATSAPP_APP_SECRET": APP_SECRET,
        "CLINIC_WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
        "CLINIC_WHATSAPP_API_URL": graph.url,
    }
