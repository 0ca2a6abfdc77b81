import pytest

from addons.whatsapp.settings import (
    WhatsAppSettingsError,
    meta_settings,
    twilio_settings,
)

META = {
    "CLINIC_WHATSAPP_PHONE_ID": "106540352242922",
    "CLINIC_WHATSAPP_TOKEN": "secret-1",
    "CLINIC_WHATSAPP_APP_SECRET": "secret-2",
    "CLINIC_WHATSAPP_VERIFY_TOKEN": "secret-3-of-some-length",
}
TWILIO = {
    "CLINIC_TWILIO_ACCOUNT_SID": "AC1",
    "CLINIC_TWILIO_AUTH_TOKEN": "secret-1",
    "CLINIC_TWILIO_NUMBER": "+27125550143",
    "CLINIC_TWILIO_WEBHOOK_URL": "https://chat.example/w/",
}


def test_all_settings_are_read_and_no_secret_is_shown():
    meta, twilio = meta_settings(META), twilio_settings(TWILIO)

    assert meta.api_url.startswith("https://graph.facebook.com/v")
    assert twilio.webhook_url == "https://chat.example/w"
    assert "secret" not in repr((meta, twilio))


def test_without_the_first_there_is_no_route():
    assert meta_settings({}) is None
    assert twilio_settings({"CLINIC_TWILIO_ACCOUNT_SID": ""}) is None


@pytest.mark.parametrize(
    ("read", "values", "change"),
    [
        (meta_settings, META, {"CLINIC_WHATSAPP_TOKEN": ""}),
        (meta_settings, META, {"CLINIC_WHATSAPP_APP_SECRET": ""}),
        (meta_settings, META, {"CLINIC_WHATSAPP_VERIFY_TOKEN": "short"}),
        (meta_settings, META, {"CLINIC_WHATSAPP_PHONE_ID": "+27125550143"}),
        (meta_settings, META, {"CLINIC_WHATSAPP_API_URL": "graph"}),
        (twilio_settings, TWILIO, {"CLINIC_TWILIO_AUTH_TOKEN": ""}),
        (twilio_settings, TWILIO, {"CLINIC_TWILIO_NUMBER": "012 555 0143"}),
        (twilio_settings, TWILIO, {"CLINIC_TWILIO_WEBHOOK_URL": ""}),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_value(read, values, change):
    (name,) = change

    with pytest.raises(WhatsAppSettingsError, match=name) as caught:
        read({**values, **change})

    assert "secret" not in str(caught.value)
