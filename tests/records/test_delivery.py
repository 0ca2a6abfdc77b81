import base64
import hashlib
import hmac
import json
import logging
import multiprocessing
import os
import signal
import ssl
import subprocess
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from records import deliver
from records.appointments import AppointmentBook
from records.clinic_texts import spoken
from records.columns import utc_now
from records.conversations import ConversationStore
from records.database import connect
from records.delivery_settings import smtp_settings
from records.errors import SettingsError
from records.mail import Mailer
from records.mail_texts import MailTexts
from records.outbox import LEASE, MOST_ATTEMPTS, Outbox, pause_after
from records.privacy import Privacy
from records.requests import Contact, Wish
from records.tables import outbox as outbox_table
from records.webhook import sign
from tests.postgresql import free_port
from tests.records.receivers import MailServer, web_server
from tests.records.samples import (
    PHONE,
    THANDI_BY_MAIL,
    confirmed,
    submitted,
    visit,
)

SECRET = "a secret of the two of us"
ANNA = "staff:anna"


@pytest.fixture
def book(database_url):
    return AppointmentBook(database_url)


@pytest.fixture
def outbox(database_url):
    return Outbox(database_url)


@pytest.fixture
def mail_server():
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def receiver():
    with web_server() as server:
        yield server


def environment(mail_server=None, receiver=None):
    values = {}
    if mail_server:
        values |= {
            "CLINIC_SMTP_URL": f"smtp://127.0.0.1:{mail_server.port}",
            "CLINIC_MAIL_FROM": "desk@oak.example",
            "CLINIC_MAIL_TO": "reception@oak.example",
        }
    if receiver:
        values |= {
            "CLINIC_WEBHOOK_URL": receiver.url,
            "CLINIC_WEBHOOK_SECRET": SECRET,
        }
    return values


@pytest.fixture
def ways(mail_server, receiver):
    return deliver.ways_to_send(environment(mail_server, receiver))


def results(url):
    query = sa.select(outbox_table.c.kind, outbox_table.c.event, outbox_table.c.result)
    with connect(url).connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by("id"))]


def make_due(url):
    with connect(url).begin() as connection:
        connection.execute(sa.update(outbox_table).values(next_at=utc_now()))


def calendar_of(mail):
    (part,) = mail.iter_attachments()
    return part, Calendar.from_ical(part.get_content())


def test_a_new_request_is_told_to_the_clinic_with_its_reference_only(
    book, outbox, ways, mail_server, receiver
):
    stored = submitted(book, THANDI_BY_MAIL, level="urgent", note="my back")

    assert deliver.deliver_due(outbox, ways) == 2

    (mail,), (post,) = mail_server.mails, receiver.posts
    assert mail_server.recipients == [["reception@oak.example"]]
    assert stored.reference in mail["Subject"]
    assert "urgent" in mail["Subject"]
    body = json.loads(post[1])
    assert body["data"] == {"reference": stored.reference}
    assert body["type"] == "appointment.requested"
    for text in (mail.as_string(), str(post)):
        assert not any(word in text for word in ("Thandi", "825550142", "my back"))
    assert outbox.waiting() == 0
    assert deliver.deliver_due(outbox, ways) == 0


def test_the_webhook_is_signed_over_id_time_and_body(book, outbox, ways, receiver):
    submitted(book)

    deliver.deliver_due(outbox, ways)

    headers, body = receiver.posts[0]
    stamp = headers["webhook-timestamp"]
    signed = f"{headers['webhook-id']}.{stamp}.".encode() + body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert abs(int(stamp) - time.time()) < 60


def test_a_signature_is_that_of_the_standard():
    # The example of the reference implementation of Standard Webhooks.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signature = sign(
        secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_confirmation_brings_a_neutral_invitation(book, outbox, ways, mail_server):
    booked = confirmed(book, visit("08:00"), THANDI_BY_MAIL)

    deliver.deliver_due(outbox, ways)

    mail = mail_server.mails[-1]
    assert mail["To"] == "thandi@patient.example"
    assert "Monday 2 March 2026, 10:00" in mail.get_body().get_content()
    part, calendar = calendar_of(mail)
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == calendar["METHOD"] == "REQUEST"
    (event,) = calendar.walk("VEVENT")
    assert event["UID"] == f"{booked.reference.lower()}@oak.example"
    assert event["SUMMARY"] == "Appointment"
    assert event["DTSTART"].dt == datetime(2026, 3, 2, 8, tzinfo=timezone.utc)
    assert event["DTEND"].dt == datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 2)
    assert "Lerato" not in str(calendar.to_ical())


def test_moving_and_cancelling_change_the_same_entry(book, outbox, ways, mail_server):
    booked = confirmed(book, visit("10:00"), THANDI_BY_MAIL)
    book.confirm(booked.id, visit("12:00"), version=2, actor=ANNA)
    book.cancel(booked.id, version=3, actor=ANNA)

    deliver.deliver_due(outbox, ways)

    mails = [m for m in mail_server.mails if "thandi" in m["To"]]
    events = [calendar_of(mail)[1] for mail in mails]
    assert [calendar["METHOD"] for calendar in events] == [
        "REQUEST",
        "REQUEST",
        "CANCEL",
    ]
    entries = [calendar.walk("VEVENT")[0] for calendar in events]
    assert len({entry["UID"] for entry in entries}) == 1
    assert [entry["SEQUENCE"] for entry in entries] == [2, 3, 4]
    assert entries[-1]["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    "end",
    [
        lambda book, id: book.cancel(id, version=1, actor="patient"),
        lambda book, id: book.decline(id, version=1, actor=ANNA),
        lambda book, id: book.propose(id, visit(), version=1, actor=ANNA),
    ],
)
def test_what_was_never_confirmed_brings_no_calendar_entry(
    book, outbox, ways, mail_server, end
):
    stored = submitted(book, THANDI_BY_MAIL)
    end(book, stored.id)

    deliver.deliver_due(outbox, ways)

    (mail,) = [m for m in mail_server.mails if "thandi" in m["To"]]
    assert list(mail.iter_attachments()) == []


def test_a_patient_without_email_is_written_nothing(
    book, outbox, ways, mail_server, database_url
):
    confirmed(book)
    deliver.deliver_due(outbox, ways)
    assert all(m["To"] == "reception@oak.example" for m in mail_server.mails)
    assert {result for _, _, result in results(database_url)} == {"delivered"}


def test_every_step_that_somebody_is_told_of_has_its_words(
    book, outbox, ways, mail_server, database_url
):
    one, two, three = (submitted(book, THANDI_BY_MAIL) for _ in range(3))
    book.propose(one.id, visit(), version=1, actor=ANNA)
    book.confirm(one.id, version=2, actor="patient")
    book.move(one.id, Wish(), version=3, actor="patient")
    book.confirm(one.id, version=4, actor=ANNA)
    book.cancel(one.id, version=5, actor="patient")
    book.decline(two.id, version=1, actor=ANNA)
    book.expire(utc_now() + timedelta(days=1))
    four = confirmed(book, visit(), THANDI_BY_MAIL)
    book.mark_no_show(four.id, version=2, actor=ANNA)
    book.mark_attended(four.id, version=3, actor=ANNA)

    deliver.deliver_due(outbox, ways)

    assert {result for _, _, result in results(database_url)} == {"delivered"}
    assert not any("{" in mail.as_string() for mail in mail_server.mails)
    assert book.get(three.id).state == "expired"


def test_trouble_puts_a_message_off_and_is_tried_again_with_the_same_id(
    book, outbox, ways, mail_server, receiver, database_url, caplog
):
    mail_server.answers = ["451 later", "421 closing"]
    receiver.answers = [500, 302]
    submitted(book, Contact("Thandi Nkosi", PHONE, "thandi@patient.example"))

    for _ in range(3):
        deliver.deliver_due(outbox, ways)
        assert deliver.deliver_due(outbox, ways) == 0
        make_due(database_url)

    assert len({post[0]["webhook-id"] for post in receiver.posts}) == 1
    assert len({post[1] for post in receiver.posts}) == 1
    assert len(receiver.posts) == 3
    assert len(mail_server.mails) == 1
    assert {result for _, _, result in results(database_url)} == {"delivered"}
    assert "answer 302" in caplog.text
    assert "oak.example" not in caplog.text


def test_nobody_there_is_trouble_too(book, outbox, database_url):
    nobody = free_port()
    ways = deliver.ways_to_send(
        {
            "CLINIC_SMTP_URL": f"smtp://127.0.0.1:{nobody}",
            "CLINIC_MAIL_FROM": "desk@oak.example",
            "CLINIC_MAIL_TO": "reception@oak.example",
            "CLINIC_WEBHOOK_URL": f"http://127.0.0.1:{nobody}/",
            "CLINIC_WEBHOOK_SECRET": SECRET,
        }
    )
    submitted(book)

    assert deliver.deliver_due(outbox, ways) == 0

    assert [result for _, _, result in results(database_url)] == [
        "ConnectionError",
        "ConnectionRefusedError",
    ]


def test_an_address_that_does_not_exist_is_given_up_at_once_and_not_logged(
    book, outbox, ways, mail_server, database_url, caplog
):
    confirmed(book, visit(), THANDI_BY_MAIL)
    mail_server.recipient_answers = ["550 thandi@patient.example unknown"] * 2

    deliver.deliver_due(outbox, ways)

    mails = [r for r in results(database_url) if r[0].startswith("mail")]
    assert {result for _, _, result in mails} == {"failed: recipient refused: 550"}
    assert "thandi" not in caplog.text


def test_what_is_not_set_up_is_skipped_and_does_not_pile_up(
    book, outbox, receiver, database_url
):
    confirmed(book, visit(), THANDI_BY_MAIL)

    deliver.deliver_due(outbox, deliver.ways_to_send(environment(None, receiver)))

    assert sorted({(kind, result) for kind, _, result in results(database_url)}) == [
        ("mail_clinic", "skipped"),
        ("mail_patient", "skipped"),
        ("webhook", "delivered"),
    ]


def test_one_bad_message_does_not_stop_the_others(
    book, outbox, ways, receiver, database_url, caplog
):
    submitted(book)
    with connect(database_url).begin() as connection:
        bad = outbox_table.c.kind == "mail_clinic"
        connection.execute(sa.update(outbox_table).where(bad).values(details={}))

    assert deliver.deliver_due(outbox, ways) == 1
    assert "KeyError" in caplog.text


def test_the_pause_doubles_up_to_an_hour_and_ends_after_days():
    pauses = [pause_after(n) for n in range(1, MOST_ATTEMPTS)]
    assert pauses[:3] == [timedelta(seconds=s) for s in (5, 10, 20)]
    assert max(pauses) == timedelta(hours=1)
    assert timedelta(days=2) < sum(pauses, timedelta()) < timedelta(days=4)


def test_after_the_last_attempt_a_message_is_given_up(book, outbox, database_url):
    submitted(book)
    message = outbox.lease()
    outbox.failed(replace(message, attempts=MOST_ATTEMPTS), "answer 500")
    assert ("failed: answer 500") in [r for _, _, r in results(database_url)]


def test_a_later_message_of_a_request_waits_for_the_earlier_one(book, outbox):
    booked = confirmed(book, visit(), THANDI_BY_MAIL)
    book.cancel(booked.id, version=2, actor=ANNA)

    leased = []
    while message := outbox.lease():
        leased.append(message)

    events = [(m.kind, m.event) for m in leased]
    assert ("mail_patient", "confirmed") in events
    assert ("mail_patient", "cancelled") not in events
    outbox.delivered(next(m for m in leased if m.kind == "mail_patient"))
    assert outbox.lease().event == "cancelled"


def test_a_lease_that_ran_out_belongs_to_the_next_worker(book, outbox):
    submitted(book)
    lost = outbox.lease()
    later = utc_now() + LEASE + timedelta(seconds=1)

    found = [outbox.lease(later), outbox.lease(later)]

    again = next(m for m in found if m.id == lost.id)
    assert again.key == lost.key
    assert not outbox.delivered(lost)
    assert outbox.delivered(again)


def _work(url, settings):
    logging.disable()
    ways = deliver.ways_to_send(settings)
    nothing = ConversationStore("sqlite:////nowhere/none.db")
    privacy = Privacy(url, conversations=nothing)
    worker = deliver.Worker(Outbox(url), privacy, ways)
    signal.signal(signal.SIGTERM, worker.stop)
    worker.run()


def test_two_workers_and_a_killed_one_lose_and_double_nothing(
    book, database_url, receiver, outbox
):
    for _ in range(40):
        submitted(book)
    forked = multiprocessing.get_context("fork")
    settings = environment(None, receiver)
    workers = [
        forked.Process(target=_work, args=(database_url, settings)) for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    while len(receiver.posts) < 8:
        time.sleep(0.005)
    os.kill(workers[0].pid, signal.SIGKILL)
    until = time.monotonic() + 20
    # All but what the killed one had in hand, which is leased for two minutes.
    while outbox.waiting() > 1 and time.monotonic() < until:
        time.sleep(0.05)
    for worker in workers[1:]:
        os.kill(worker.pid, signal.SIGTERM)
    for worker in workers:
        worker.join()
    make_due(database_url)

    deliver.deliver_due(outbox, deliver.ways_to_send(settings))

    assert [worker.exitcode for worker in workers[1:]] == [0, 0]
    assert outbox.waiting() == 0
    assert len(receiver.taken) == 40
    # At most the one in hand came twice, and its id tells.
    assert len(receiver.posts) <= 41


def test_a_database_that_is_away_is_waited_for(postgresql, receiver, caplog, tmp_path):
    url = postgresql.new_database()
    submitted(AppointmentBook(url))
    worker = deliver.Worker(
        Outbox(url),
        Privacy(url, conversations=ConversationStore(f"sqlite:///{tmp_path}/none.db")),
        deliver.ways_to_send(environment(None, receiver)),
        pause=0.05,
    )
    postgresql.stop()
    working = threading.Thread(target=worker.run)
    working.start()
    until = time.monotonic() + 20
    while "cannot be used" not in caplog.text and time.monotonic() < until:
        time.sleep(0.02)
    postgresql.start()
    while Outbox(url).waiting() and time.monotonic() < until:
        time.sleep(0.02)
    worker.stop()
    working.join()

    assert "cannot be used" in caplog.text
    assert len(receiver.posts) == 1


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """Returns a context for a server whose certificate this process trusts."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", "key.pem", "-out", "cert.pem",
        ],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return context


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_mail_server_is_logged_into_by_an_encrypted_connection(
    scheme, certificate, postgresql, root
):
    implicit = scheme == "smtps"
    # With `smtps` aiosmtpd does not know that it is encrypted, and warns.
    required = {"auth_require_tls": False} if implicit else {"auth_required": True}
    server = MailServer(
        **{"ssl_context" if implicit else "tls_context": certificate}, **required
    ).start()
    url = postgresql.new_database()
    submitted(AppointmentBook(url))
    settings = smtp_settings(
        {
            "CLINIC_SMTP_URL": f"{scheme}://desk:pass%2Fword@127.0.0.1:{server.port}",
            "CLINIC_MAIL_FROM": "desk@oak.example",
            "CLINIC_MAIL_TO": "reception@oak.example",
        }
    )
    texts = MailTexts.from_folder(root / "data/clinic")

    sent = deliver.deliver_due(
        Outbox(url), {"mail_clinic": Mailer(settings, texts).send}
    )

    server.stop()
    assert sent == 1
    assert server.logins == [("desk", "pass/word")]
    assert "pass" not in repr(settings)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"CLINIC_SMTP_URL": "mail.oak.example"}, "CLINIC_SMTP_URL"),
        ({"CLINIC_SMTP_URL": "smtp://u:secret@h"}, "CLINIC_SMTP_URL"),
        ({"CLINIC_SMTP_URL": "smtps://u:secret@h:port"}, "CLINIC_SMTP_URL"),
        ({"CLINIC_SMTP_URL": "smtps://[::1"}, "CLINIC_SMTP_URL"),
        ({"CLINIC_SMTP_URL": "smtp://h"}, "CLINIC_MAIL_FROM"),
        (
            {"CLINIC_SMTP_URL": "smtp://h", "CLINIC_MAIL_FROM": "a@b.example\nBcc: c"},
            "CLINIC_MAIL_FROM",
        ),
        (
            {
                "CLINIC_SMTP_URL": "smtp://h",
                "CLINIC_MAIL_FROM": "a@b.example",
                "CLINIC_MAIL_TO": "desk",
            },
            "CLINIC_MAIL_TO",
        ),
        ({"CLINIC_WEBHOOK_URL": "oak.example"}, "CLINIC_WEBHOOK_URL"),
        ({"CLINIC_WEBHOOK_URL": "https://h"}, "CLINIC_WEBHOOK_SECRET"),
        (
            {"CLINIC_WEBHOOK_URL": "https://h", "CLINIC_WEBHOOK_SECRET": "short"},
            "CLINIC_WEBHOOK_SECRET",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_secret(values, name):
    with pytest.raises(SettingsError, match=name) as caught:
        deliver.ways_to_send(values)
    assert "secret" not in str(caught.value)


def test_without_settings_nothing_is_sent():
    # WhatsApp is always there: it tells staff what it cannot send.
    assert set(deliver.ways_to_send({})) == {"whatsapp"}


def test_the_program_delivers_once_and_says_how_much(
    database_url, book, receiver, monkeypatch, capsys
):
    submitted(book)
    for name, value in environment(None, receiver).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CLINIC_DATABASE_URL", database_url)

    assert deliver.main(["--once"]) == 0
    assert capsys.readouterr().out == "Delivered: 1.\n"

    monkeypatch.setenv("CLINIC_WEBHOOK_SECRET", "")
    assert deliver.main(["--once"]) == 1
    assert "CLINIC_WEBHOOK_SECRET" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{reference}", "{number}", "number"),
        ("{when}", "{", "braces"),
        ("    expired:", "    ended:", "mail.to_patient.expired"),
        ("mail:", "male:", "'mail'"),
        ('"Appointment"', '""', "invitation_title"),
        ("mail:", "mail: [", "YAML"),
    ],
)
def test_a_mistake_in_the_texts_is_named(root, write, old, new, problem):
    text = (root / "data/clinic/mail.yml").read_text(encoding="utf-8")
    write("clinic/clinic.yml", (root / "data/clinic/clinic.yml").read_bytes())
    file = write("clinic/mail.yml", text.replace(old, new))
    with pytest.raises(SettingsError, match=problem) as caught:
        MailTexts.from_folder(file.parent)
    assert "mail.yml" in str(caught.value)


def test_the_time_is_that_of_the_clinic():
    said = spoken("2026-03-29T01:30:00+00:00", ZoneInfo("Europe/London"))

    assert said == "Sunday 29 March 2026, 02:30"
