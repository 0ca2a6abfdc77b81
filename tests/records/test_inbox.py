import threading
from datetime import datetime, timedelta, timezone

import pytest

from addons.whatsapp.incoming import REVOKED, TEXT, Address, Delivery, Incoming, Renamed
from addons.whatsapp.parts import Part
from records.addresses import Addresses
from records.chat_replies import ChatReplies
from records.inbox import LEASE, Answer, Inbox

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
HER, HIM = Address("ZA.1", "+27825550191"), Address("ZA.2", "+27825550192")
ANSWER = Answer((Part("text", "yes"),), ("a", "b"))


@pytest.fixture
def inbox(database_url):
    return Inbox(database_url)


@pytest.fixture
def replies(database_url):
    return ChatReplies(database_url)


def message(name, sender=HER, sent_at=NOW, kind=TEXT, **more):
    return Incoming(f"wamid.{name}", sender, sent_at, kind, text=name, **more)


def keep(inbox, *messages, now=NOW, **options):
    return inbox.keep(Delivery(messages), "whatsapp", now=now, **options)


def texts(found):
    return [waiting.message.text for waiting in found]


def test_a_message_is_kept_once(inbox):
    assert keep(inbox, message("a"), message("a"), message("b")) == 2
    assert keep(inbox, message("a")) == 0


def test_a_patient_has_one_message_in_hand_and_others_do_not_wait(inbox):
    keep(inbox, message("a"), message("b"), message("c", HIM))

    assert texts(inbox.lease("whatsapp", 9, NOW)) == ["a", "c"]
    assert inbox.lease("whatsapp", 9, NOW) == []


def test_the_order_is_that_of_sending(inbox):
    keep(inbox, message("late", sent_at=NOW))
    keep(inbox, message("early", sent_at=NOW - SECOND))

    (first,) = inbox.lease("whatsapp", 9, NOW)
    assert inbox.answer(first, ANSWER)

    assert first.message.text == "early"
    assert texts(inbox.lease("whatsapp", 9, NOW)) == ["late"]


def test_an_earlier_message_that_comes_late_waits_for_the_one_in_hand(inbox):
    keep(inbox, message("late"))
    (late,) = inbox.lease("whatsapp", 9, NOW)
    keep(inbox, message("early", sent_at=NOW - SECOND))

    assert inbox.lease("whatsapp", 9, NOW) == []
    assert inbox.answer(late, ANSWER)
    assert texts(inbox.lease("whatsapp", 9, NOW)) == ["early"]


def test_a_message_waits_until_it_has_settled(inbox):
    keep(inbox, message("a"), settle=SECOND)

    assert inbox.lease("whatsapp", 9, NOW) == []
    assert texts(inbox.lease("whatsapp", 9, NOW + SECOND)) == ["a"]


def test_after_a_kill_it_is_begun_again_and_the_old_worker_cannot_end_it(
    inbox, replies
):
    keep(inbox, message("a"))
    (killed,) = inbox.lease("whatsapp", 9, NOW)

    (again,) = inbox.lease("whatsapp", 9, NOW + LEASE + SECOND)

    assert (killed.attempts, again.attempts) == (1, 2)
    assert not inbox.answer(killed, ANSWER)
    assert replies.waiting() == 0
    assert inbox.answer(again, ANSWER)
    assert (inbox.waiting(), replies.waiting()) == (0, 1)


def test_two_workers_never_have_the_same_message(database_url):
    inbox = Inbox(database_url)
    people = [Address(f"ZA.{n}", "") for n in range(40)]
    keep(inbox, *(message(str(n), person) for n, person in enumerate(people)))
    found, lock = [], threading.Lock()

    def work():
        mine = Inbox(database_url)
        while leased := mine.lease("whatsapp", 3, NOW):
            with lock:
                found.extend(texts(leased))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found, key=int) == [str(n) for n in range(40)]


def test_nothing_of_a_message_is_left_when_it_is_answered(inbox, database_url):
    keep(inbox, message("secret"))
    (waiting,) = inbox.lease("whatsapp", 9, NOW)
    inbox.answer(waiting, ANSWER)

    with inbox._read() as connection:
        rows = connection.exec_driver_sql("select * from inbox").mappings().all()

    (row,) = rows
    assert "secret" not in str(dict(row))
    assert "ZA.1" not in str(dict(row))
    assert row["conversation"] == ""


def test_the_choices_that_were_shown_are_there_for_the_next_message(inbox):
    keep(inbox, message("a"))
    (first,) = inbox.lease("whatsapp", 9, NOW)
    inbox.answer(first, ANSWER)
    keep(inbox, message("2"))

    (second,) = inbox.lease("whatsapp", 9, NOW)

    assert second.patient.offered == ("a", "b")


def test_who_takes_back_a_message_of_another_takes_back_nothing(inbox):
    keep(inbox, message("a"))
    keep(inbox, message("x", HIM, kind=REVOKED, about="wamid.a"))
    assert inbox.waiting() == 1

    keep(inbox, message("y", kind=REVOKED, about="wamid.a"))
    assert inbox.waiting() == 0


def test_the_other_channel_has_its_own_messages(inbox):
    keep(inbox, message("a"))

    assert inbox.lease("twilio_whatsapp", 9, NOW) == []


def conversation(inbox, name, sender):
    keep(inbox, message(name, sender))
    (found,) = inbox.lease("whatsapp", 9, NOW)
    inbox.answer(found, ANSWER)
    return found.patient.conversation


def test_who_gets_an_old_number_does_not_get_the_old_conversation(inbox):
    phone = "+27825550191"
    first = conversation(inbox, "a", Address("", phone))
    moved = Renamed(Address("", phone), Address("ZA.9", "+27825550100"))
    inbox.keep(Delivery(renamed=(moved,)), "whatsapp", now=NOW)

    assert conversation(inbox, "b", Address("", phone)) != first
    assert conversation(inbox, "c", Address("ZA.9", "")) == first


def test_nobody_takes_over_a_conversation_by_a_change_of_number(inbox):
    hers, his = conversation(inbox, "a", HER), conversation(inbox, "b", HIM)
    inbox.keep(Delivery(renamed=(Renamed(HIM, HER),)), "whatsapp", now=NOW)

    assert conversation(inbox, "c", HER) == hers
    assert conversation(inbox, "d", HIM) == his


def test_the_window_is_open_for_a_day_after_the_latest_message(inbox, database_url):
    hers = conversation(inbox, "a", HER)
    keep(inbox, message("old", sent_at=NOW - timedelta(days=2)))

    patient = Addresses(database_url).of(hers)

    assert patient.is_open(NOW + timedelta(hours=23, minutes=59))
    assert not patient.is_open(NOW + timedelta(hours=24))


def test_replies_go_one_by_one_and_an_emergency_goes_first(inbox, replies):
    keep(inbox, message("a"))
    (first,) = inbox.lease("whatsapp", 9, NOW)
    inbox.answer(first, Answer((Part("text", "1"), Part("text", "2"))), NOW)
    keep(inbox, message("b"))
    (second,) = inbox.lease("whatsapp", 9, NOW)
    urgent = Answer((Part("text", "112!"), Part("text", "Are you safe?")), (), True)
    inbox.answer(second, urgent, NOW)

    said = []
    while leased := replies.lease("whatsapp", 9, NOW):
        (one,) = leased
        said.append(one.part.text)
        assert replies.end(one, "delivered", NOW)

    assert said == ["112!", "Are you safe?", "1", "2"]


def test_a_reply_that_is_put_off_holds_up_the_later_ones(inbox, replies):
    keep(inbox, message("a"))
    (first,) = inbox.lease("whatsapp", 9, NOW)
    inbox.answer(first, Answer((Part("text", "1"), Part("text", "2"))), NOW)
    (one,) = replies.lease("whatsapp", 9, NOW)
    replies.put_off(one, SECOND, "131000", NOW)

    assert replies.lease("whatsapp", 9, NOW) == []
    (again,) = replies.lease("whatsapp", 9, NOW + SECOND)
    assert (again.part.text, again.attempts) == ("1", 2)
