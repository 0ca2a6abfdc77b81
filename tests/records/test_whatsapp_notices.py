from datetime import datetime, timedelta, timezone

import pytest

from addons.whatsapp.incoming import TEXT, Address, Delivery, Incoming
from records import deliver
from records.addresses import Addresses
from records.audit import PATIENT
from records.chat_replies import ChatReplies
from records.columns import utc_now
from records.conversations import ConversationStore
from records.errors import SettingsError
from records.inbox import Inbox
from records.outbox import Outbox
from records.privacy import Privacy
from records.requests import Visit
from records.retention import Retention
from records.spool import Spool
from records.troubles import Troubles
from records.whatsapp_notices import WhatsAppNotices, whatsapp_routes
from records.whatsapp_texts import WhatsAppTexts
from tests.records.samples import THANDI, key, request
from tests.standins.graph import APP_SECRET, TOKEN, VERIFY_TOKEN, Graph, choices_of
from tests.standins.payloads import PHONE_NUMBER_ID

STARTS = datetime(2026, 12, 4, 13, 0, tzinfo=timezone.utc)
VISIT = Visit("Naledi Mokoena", STARTS, STARTS + timedelta(minutes=45))
HER = Address("ZA.1102", "+27825550199")


@pytest.fixture
def graph():
    made = Graph()
    yield made
    made.close()


@pytest.fixture
def shipped_folder(root):
    return root / "data/clinic"


@pytest.fixture
def clock():
    return {"ahead": timedelta(0)}


@pytest.fixture
def patient(database_url, graph):
    """Thandi has just written; returns the name of her conversation."""
    message = Incoming("wamid.1", HER, utc_now(), TEXT, "hello")
    Inbox(database_url).keep(Delivery((message,)), "whatsapp")
    graph.open_window("27825550199", "ZA.1102")
    (waiting,) = Inbox(database_url).lease("whatsapp", 1)
    return waiting.patient.conversation


@pytest.fixture
def book(database_url):
    from records.appointments import AppointmentBook

    return AppointmentBook(database_url)


@pytest.fixture
def asked(book, patient):
    wanted = request(conversation=patient, channel="whatsapp")
    return book.get(book.submit(key(), wanted, THANDI).request_id)


@pytest.fixture
def delivered(database_url, graph, shipped_folder, clock):
    """Returns a function that runs the worker once."""
    environment = {
        "CLINIC_WHATSAPP_PHONE_ID": PHONE_NUMBER_ID,
        "CLINIC_WHATSAPP_TOKEN": TOKEN,
        "CLINIC_WHATSAPP_APP_SECRET": APP_SECRET,
        "CLINIC_WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
        "CLINIC_WHATSAPP_API_URL": graph.url,
    }

    def run(folder=shipped_folder, routes=None):
        notices = WhatsAppNotices(
            whatsapp_routes(environment) if routes is None else routes,
            WhatsAppTexts.from_folder(folder),
            addresses=Addresses(database_url),
            troubles=Troubles(database_url),
            clock=lambda: utc_now() + clock["ahead"],
        )
        ways = {"whatsapp": notices.send}
        return deliver.deliver_due(Outbox(database_url), ways)

    return run


@pytest.fixture
def troubles(database_url):
    return Troubles(database_url)


def with_template(folder, target):
    """Copies a clinic's folder and names a template for what is confirmed."""
    text = (folder / "whatsapp.yml").read_text("utf-8")
    head, tail = text.split("    confirmed:", 1)
    tail = tail.replace('template: ""', 'template: "visit_confirmed"', 1)
    target.mkdir()
    (target / "whatsapp.yml").write_text(f"{head}    confirmed:{tail}", "utf-8")
    (target / "clinic.yml").write_bytes((folder / "clinic.yml").read_bytes())
    return target


def test_staff_confirm_and_the_patient_reads_it(book, asked, delivered, graph):
    book.confirm(asked.id, version=1, actor="staff:anna", visit=VISIT)

    assert delivered() == 1

    (message,) = graph.sent
    assert message["to"] == HER.phone
    (text,) = graph.texts()
    assert "Your appointment is confirmed for Friday 4 December 2026, 15:00." in text
    assert asked.reference in text
    assert message["biz_opaque_callback_data"].startswith("notice:")


def test_an_offer_has_a_button_that_names_the_request(book, asked, delivered, graph):
    book.propose(asked.id, version=1, actor="staff:anna", visit=VISIT)

    delivered()

    (message,) = graph.sent
    assert list(choices_of(message).values()) == [asked.reference]


def test_what_the_patient_does_is_not_told_twice(book, asked, delivered, graph):
    book.cancel(asked.id, version=1, actor=PATIENT)

    delivered()

    assert graph.sent == []


def test_after_a_day_the_template_is_sent(
    book, asked, delivered, graph, clock, tmp_path, shipped_folder
):
    graph.templates["visit_confirmed"] = 3
    clock["ahead"] = timedelta(hours=25)
    graph.clock = lambda: utc_now().timestamp() + 25 * 3600
    book.confirm(asked.id, version=1, actor="staff:anna", visit=VISIT)

    assert delivered(with_template(shipped_folder, tmp_path / "clinic")) == 1

    (message,) = graph.sent
    (body,) = message["template"]["components"]
    values = [row["text"] for row in body["parameters"]]
    assert values[:2] == [asked.reference, "Friday 4 December 2026, 15:00"]


def test_when_meta_says_that_the_day_is_over_the_template_is_sent(
    book, asked, delivered, graph, tmp_path, shipped_folder
):
    graph.templates["visit_confirmed"] = 3
    graph.failures.append(131047)
    book.confirm(asked.id, version=1, actor="staff:anna", visit=VISIT)

    assert delivered(with_template(shipped_folder, tmp_path / "clinic")) == 1
    assert graph.texts() == ["visit_confirmed"]


@pytest.mark.parametrize("code", [131047, 131026])
def test_what_cannot_be_sent_is_told_to_staff(
    book, asked, delivered, graph, troubles, code
):
    graph.failures.append(code)
    book.confirm(asked.id, version=1, actor="staff:anna", visit=VISIT)

    assert delivered() == 0

    (trouble,) = troubles.open()
    assert trouble.kind == "notice"
    assert (trouble.request_id, trouble.reference) == (asked.id, asked.reference)
    assert trouble.code.endswith("(confirmed)")


def test_without_a_route_or_an_address_staff_are_told(
    book, asked, delivered, troubles, database_url
):
    book.confirm(asked.id, version=1, actor="staff:anna", visit=VISIT)
    assert delivered(routes={}) == 0

    lost = request(conversation="whatsapp-unknown", channel="whatsapp")
    other = book.submit(key(), lost, THANDI)
    book.decline(other.request_id, version=1, actor="staff:anna")
    assert delivered() == 0

    codes = {trouble.code for trouble in troubles.open()}
    assert codes == {"not set up (confirmed)", "unknown address (declined)"}


@pytest.mark.parametrize("code", [131000, 130429, 190])
def test_a_passing_trouble_is_tried_again(
    book, asked, delivered, graph, code, troubles
):
    graph.failures.append(code)
    book.confirm(asked.id, version=1, actor="staff:anna", visit=VISIT)

    assert delivered() == 0

    assert Outbox(book._url).waiting() > 0
    assert [t.kind for t in troubles.open()] == (["account"] if code == 190 else [])


def test_a_notice_that_fails_later_names_its_request(
    book, asked, delivered, graph, troubles
):
    from addons.whatsapp.incoming import Failure

    book.confirm(asked.id, version=1, actor="staff:anna", visit=VISIT)
    delivered()

    ref = graph.sent[0]["biz_opaque_callback_data"]
    troubles.note_failure("whatsapp", Failure("131026", ref))

    (trouble,) = troubles.open()
    assert (trouble.kind, trouble.request_id) == ("notice", asked.id)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{when}.", "{symptom}.", "cannot be filled"),
        ("    declined:", "    refused:", "declined"),
        ('"Answer the offer"', '"Answer this very long offer"', "answer_button"),
        ("values: [reference, when, clinic_phone]", "values: [name]", "values"),
        ('language: "en"', 'language: ""', "language"),
        ("whatsapp:", "whats: [", "not valid YAML"),
    ],
)
def test_a_mistake_in_the_texts_is_named(shipped_folder, tmp_path, old, new, words):
    text = (shipped_folder / "whatsapp.yml").read_text("utf-8")
    assert old in text
    (tmp_path / "whatsapp.yml").write_text(text.replace(old, new), "utf-8")
    clinic = (shipped_folder / "clinic.yml").read_bytes()
    (tmp_path / "clinic.yml").write_bytes(clinic)

    with pytest.raises(SettingsError, match=words) as caught:
        WhatsAppTexts.from_folder(tmp_path)

    assert "whatsapp.yml" in str(caught.value)


def chats(database_url):
    """Returns how many rows WhatsApp has left."""
    tables = ("chat_addresses", "inbox", "chat_replies", "delivery_troubles")
    with Inbox(database_url)._read() as connection:
        return {
            table: connection.exec_driver_sql(
                f"select count(*) from {table}"
            ).scalar_one()
            for table in tables
        }


def test_delete_my_data_deletes_the_number_and_still_gets_its_reply(
    database_url, patient, tmp_path, troubles
):
    from addons.whatsapp.parts import Part
    from records.inbox import Answer

    inbox = Inbox(database_url)
    troubles.note("whatsapp", "reply", "131026", conversation=patient)
    (waiting,) = [
        w
        for w in inbox.lease("whatsapp", 1, utc_now() + timedelta(minutes=1))
        if w.patient.conversation == patient
    ]
    privacy = Privacy(
        database_url,
        conversations=ConversationStore(f"sqlite:///{tmp_path}/none.db"),
        spools=[Spool(tmp_path / "spool")],
    )

    privacy.forget(patient, actor=PATIENT)
    assert chats(database_url) == {
        "chat_addresses": 0, "inbox": 1, "chat_replies": 0, "delivery_troubles": 0,
    }  # fmt: skip

    assert inbox.answer(waiting, Answer((Part("text", "Deleted."),)))
    (reply,) = ChatReplies(database_url).lease("whatsapp", 1)
    assert reply.to == HER


def test_what_is_old_goes_but_not_the_address_of_who_waits(
    database_url, patient, book, tmp_path
):
    def delete_old(days):
        retention = Retention(
            database_url,
            conversations=ConversationStore(f"sqlite:///{tmp_path}/none.db"),
            clock=lambda: utc_now() + timedelta(days=days),
        )
        retention.delete_old(conversation_days=3, booking_days=400)

    wanted = request(conversation=patient, channel="whatsapp")
    book.submit(key(), wanted, THANDI)

    delete_old(4)
    # A hash is kept as long as Meta may bring the message again.
    assert chats(database_url)["inbox"] == 1
    delete_old(9)
    left = chats(database_url)
    assert (left["inbox"], left["chat_addresses"]) == (0, 1)
    delete_old(500)
    assert chats(database_url)["chat_addresses"] == 0
