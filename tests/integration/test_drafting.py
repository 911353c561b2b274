"""Writing with a profile: what a message begins with, how it is kept, what is said of it, what leaves."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pecdesk.app import App
from pecdesk.errors import InputError, StoreError, UsageError
from pecdesk.explain.before_sending import CheckKind, Level
from pecdesk.mime import Address, parse
from pecdesk.pec.composing import encoded_size
from pecdesk.pec.draft import Draft, Relation
from pecdesk.pec.message import Completeness, summary_of
from pecdesk.pec.rebuilding import Change
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.settings import Signature
from pecdesk.store import Filter, Group, Row
from pecdesk.store.drafts import FILE
from tests.kit.messages import (
    EXTERNAL,
    FILES,
    NOW,
    RECIPIENT,
    SECOND,
    SENDER,
    SENT_AT,
    Recipient,
    delivery,
    draft,
    original,
    policy,
    provider,
    sending,
    world,
)

OTHER = "altro.studio@pec.gestoreuno.example"
SERVER = Endpoint("imap.gestoreuno.example", 993)

FIRST = draft("Diffida ad adempiere", recipients=(RECIPIENT, Recipient(SECOND, copy=True)), attachments=FILES)
SENT_WITHOUT_COPY = draft("Smarrita", at=SENT_AT - timedelta(days=1), attachments=FILES[:1])
SILENT = draft("Senza esito", at=SENT_AT - timedelta(days=2))
INCOMING = draft(
    "Notificazione",
    sender=SECOND,
    recipients=(SENDER, RECIPIENT, Recipient(EXTERNAL.address, certified=False, copy=True)),
    at=SENT_AT - timedelta(days=3),
    text="Buongiorno,\nsi notifica.\n",
    attachments=FILES[:1],
)


def mailbox() -> dict[str, bytes]:
    uno, tre, due = provider("uno"), provider("tre"), provider("due")
    first, lost, silent = sending(FIRST), sending(SENT_WITHOUT_COPY), sending(SILENT)
    soon = first.accepted_at + timedelta(minutes=1)
    incoming = sending(INCOMING, "due")
    ordinary = draft("Posta ordinaria", sender=EXTERNAL.address, recipients=(SENDER,), at=SENT_AT - timedelta(days=4))
    return {
        "first": original(FIRST),
        "first accepted": uno.acceptance(first).sealed(),
        "first failed": tre.non_delivery(first, RECIPIENT, soon).sealed(),
        "first delivered": due.delivery(first, SECOND, soon).sealed(),
        "lost accepted": uno.acceptance(lost).sealed(),
        "lost delivered": delivery(lost, by="tre").sealed(),
        "silent": original(SILENT),
        "silent accepted": uno.acceptance(silent).sealed(),
        "incoming": due.envelope(incoming, SENDER).sealed(),
        "ordinary": original(ordinary),
    }


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("drafting")
    (folder / "ca.pem").write_bytes(world().authority.certificate_pem)
    (folder / "prova.toml").write_text(policy(), encoding="utf-8")
    mails = folder / "mails"
    mails.mkdir()
    for name, raw in mailbox().items():
        (mails / f"{name}.eml").write_bytes(raw)
    with App.open(folder / "profile") as app:
        app.add_trust(folder / "prova.toml", NOW, by_hand=False)
        for address in (SENDER, OTHER):
            account = Account(address, SERVER, smtp=SERVER, name="Studio Verdi", password_command="printf x")
            app.servers.add(account, None, NOW)
        app.import_paths([mails], account=SENDER, now=NOW)
        yield app


def row(app: App, subject: str) -> Row:
    (found,) = [each for each in app.rows(Filter(limit=0), NOW) if each.transmission.subject == subject]
    return found


def kinds(app: App, one: Draft) -> dict[CheckKind, Level]:
    return {check.kind: check.level for check in app.drafting.checks(one, NOW)}


# keeping


def test_a_draft_is_kept_listed_and_goes_without_a_trace(app: App) -> None:
    drafting = app.drafting
    one = drafting.save(drafting.new(SENDER, to=(RECIPIENT,), subject="In corso"), NOW)
    (listed,) = app.rows(Filter(group=Group.DRAFTS), NOW)
    assert listed.transmission.draft_id == one.id
    assert (listed.transmission.subject, listed.transmission.sent_at) == ("In corso", NOW)

    again = drafting.save(replace(one, subject="In corso, seconda"), NOW + timedelta(minutes=1))
    assert [each.transmission.subject for each in app.rows(Filter(group=Group.DRAFTS), NOW)] == ["In corso, seconda"]
    assert drafting.all() == (again,)
    assert drafting.get(one.id) == again

    drafting.discard(one.id, NOW)
    assert app.rows(Filter(group=Group.DRAFTS), NOW) == []
    assert drafting.all() == ()
    with pytest.raises(UsageError):
        drafting.get(one.id)


def test_rows_of_drafts_are_made_again_from_their_files(app: App, tmp_path: Path) -> None:
    with App.open(tmp_path / "own") as own:
        own.store.add_account(SENDER, NOW)
        kept = own.drafting.save(own.drafting.new(SENDER, subject="Prima"), NOW)
        gone = own.drafting.save(own.drafting.new(SENDER, subject="Seconda"), NOW)
    # As a crash leaves it: the file is written or gone, the row is not.
    path = own.profile.drafts / kept.id / FILE
    path.write_bytes(path.read_bytes().replace(b"Prima", b"Terza"))
    (own.profile.drafts / gone.id / FILE).unlink()
    with App.open(tmp_path / "own") as own:
        rows = own.rows(Filter(group=Group.DRAFTS), NOW)
        assert [each.transmission.subject for each in rows] == ["Terza"]
        own.rebuild(now=NOW)
        assert [each.transmission.subject for each in own.rows(Filter(group=Group.DRAFTS), NOW)] == ["Terza"]


def test_files_are_copied_into_the_draft_and_what_becomes_of_them_is_no_matter(app: App, tmp_path: Path) -> None:
    drafting, file = app.drafting, tmp_path / "atto.pdf"
    file.write_bytes(FILES[0].content)
    one = drafting.attach(drafting.new(SENDER), file, NOW)
    file.unlink()
    one = drafting.save(drafting.attach_bytes(one, "atto.pdf", b"%PDF-1.7 altro", "application/pdf"), NOW)
    assert [each.name for each in one.attachments] == ["atto.pdf", "atto (2).pdf"]
    assert drafting.attachment(one.attachments[0]) == FILES[0].content

    (app.profile.drafts / one.id / one.attachments[1].sha256).write_bytes(b"x")
    with pytest.raises(StoreError):
        drafting.attachment(one.attachments[1])
    assert kinds(app, one)[CheckKind.FILE_MISSING] is Level.STOP
    with pytest.raises(StoreError):
        drafting.compose(replace(one, to=(RECIPIENT,)), NOW)
    drafting.discard(one.id, NOW)


def test_what_is_no_file_is_refused_in_a_sentence(app: App, tmp_path: Path) -> None:
    one = app.drafting.new(SENDER)
    for path in (tmp_path, tmp_path / "nothing", Path("/dev/null")):
        with pytest.raises(InputError):
            app.drafting.attach(one, path, NOW)
    assert not (app.profile.drafts / one.id).exists()


# what leaves


def test_what_is_composed_is_read_back_and_every_time_another_message(app: App) -> None:
    drafting = app.drafting
    one = drafting.new(SENDER, to=(f"Edil Nova <{RECIPIENT}>",), cc=(SECOND,), subject="Così è", text="Perché no.\n")
    one = drafting.attach_bytes(replace(one, receipt=Completeness.FULL), "è.pdf", b"%PDF-1.7", "application/pdf")
    raw, again = (drafting.compose(one, NOW) for _ in range(2))
    found = summary_of(parse(raw))
    assert found.sender == (Address(SENDER, "Studio Verdi"),)
    assert (found.to, found.cc) == ((Address(RECIPIENT, "Edil Nova"),), (Address(SECOND),))
    assert found.message_id != summary_of(parse(again)).message_id
    assert len(raw) == encoded_size(one, "Studio Verdi")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert [part.get_filename() for part in message.walk()][-1] == "è.pdf"
    drafting.discard(one.id, NOW)


# beginning


def test_an_answer_goes_to_the_certified_sender_with_the_text_quoted(app: App) -> None:
    answered = row(app, "Notificazione")
    one = app.drafting.reply(answered)
    assert (one.account, one.to, one.cc) == (SENDER, (SECOND,), ())
    assert (one.subject, one.relation) == ("Re: Notificazione", Relation.REPLY)
    assert "\n> Buongiorno,\n> si notifica.\n" in one.text
    assert one.text.startswith("\n\n")
    client = INCOMING.message_id
    assert one.in_reply_to == client
    assert one.references == (f"<{answered.transmission.identifier}>", client)
    assert kinds(app, one) == {}

    everybody = app.drafting.reply_all(answered)
    assert (everybody.to, everybody.cc) == ((SECOND, RECIPIENT), (EXTERNAL.address,))


def test_an_answer_to_what_was_sent_goes_to_the_same_people(app: App) -> None:
    one = app.drafting.reply_all(row(app, FIRST.subject))
    assert (one.to, one.cc) == ((RECIPIENT,), (SECOND,))


def test_ordinary_mail_can_be_answered(app: App) -> None:
    assert app.drafting.reply(row(app, "Posta ordinaria")).to == (EXTERNAL.address,)


def test_a_message_is_sent_on_byte_for_byte_as_it_is_read_or_whole(app: App) -> None:
    drafting, found = app.drafting, row(app, "Notificazione")
    for whole in (False, True):
        one = drafting.forward(found, whole=whole)
        (attached,) = one.attachments
        envelope = app.raw(found.transmission.original_sha256 or "")
        content = drafting.attachment(attached)
        assert content == envelope if whole else content in envelope
        assert (attached.name, attached.media_type) == ("Notificazione.eml", "message/rfc822")
        raw = drafting.compose(replace(one, to=(RECIPIENT,)), NOW)
        sent = parse(raw).children[1]
        assert sent.media_type == "message/rfc822"
        assert sent.body.of(raw) == content
        assert one.subject == "Fwd: Notificazione"
        drafting.discard(one.id, NOW)


def test_sending_again_goes_to_those_alone_who_were_not_reached(app: App) -> None:
    drafting, found = app.drafting, row(app, FIRST.subject)
    one = drafting.resend(found)
    assert (one.to, one.cc) == ((RECIPIENT,), ())
    assert (one.subject, one.relation, one.related) == (
        FIRST.subject,
        Relation.RESEND,
        found.transmission.original_sha256,
    )
    assert one.text.strip() == FIRST.text.strip()
    assert [drafting.attachment(each) for each in one.attachments] == [each.content for each in FILES]
    assert summary_of(parse(drafting.compose(one, NOW))).message_id != FIRST.message_id
    assert CheckKind.FAILED_BEFORE in kinds(app, one)
    drafting.discard(one.id, NOW)

    with pytest.raises(UsageError):
        drafting.resend(row(app, "Senza esito"))
    with pytest.raises(UsageError):
        drafting.resend(row(app, "Notificazione"))


def test_the_letter_for_the_log_names_everything_the_provider_needs(app: App) -> None:
    found = row(app, "Senza esito")
    one = app.drafting.log_request(found)
    assert (one.account, one.to, one.relation) == (SENDER, (), Relation.LOG_REQUEST)
    assert found.transmission.identifier is not None
    assert found.transmission.identifier in one.subject
    for fact in (found.transmission.identifier, SILENT.message_id, SENDER, RECIPIENT, "Senza esito", "RFC 6109"):
        assert fact in one.text
    assert kinds(app, one)[CheckKind.NO_RECIPIENT] is Level.STOP
    with pytest.raises(UsageError):
        app.drafting.log_request(row(app, "Notificazione"))


def test_a_lost_message_comes_back_out_of_a_full_receipt(app: App) -> None:
    found = row(app, "Smarrita")
    rebuilt = app.drafting.rebuilt_original(found)
    assert rebuilt.raw in mailbox()["lost delivered"]
    assert summary_of(parse(rebuilt.raw)).subject == "Smarrita"
    new_id, *others = rebuilt.changes
    assert (new_id.kind, new_id.value) == (Change.NEW_ID, SENT_WITHOUT_COPY.message_id.strip("<>"))
    assert Change.TRACES in {change.kind for change in others}
    with pytest.raises(UsageError):
        app.drafting.rebuilt_original(row(app, "Senza esito"))


def test_a_link_begins_a_message_and_says_that_there_are_no_blind_copies(app: App) -> None:
    one = app.drafting.from_mailto(f"mailto:{SECOND}?cc={RECIPIENT}&bcc=spia@x.example&subject=Prova&body=Testo")
    assert (one.to, one.cc, one.blind) == ((SECOND,), (RECIPIENT,), ("spia@x.example",))
    assert (one.subject, one.text) == ("Prova", "Testo")
    assert kinds(app, one)[CheckKind.BLIND_COPY] is Level.QUESTION
    assert b"spia" not in app.drafting.compose(one, NOW)


def test_files_handed_over_are_those_that_are_sent(app: App, tmp_path: Path) -> None:
    pdf, mail = tmp_path / "ricorso.pdf", tmp_path / "ricevuta.eml"
    pdf.write_bytes(FILES[0].content)
    mail.write_bytes(mailbox()["first accepted"])
    one = app.drafting.from_files([pdf, mail])
    raw = app.drafting.compose(replace(one, to=(RECIPIENT,)), NOW)
    parts = parse(raw).children[1:]
    assert [part.media_type for part in parts] == ["application/pdf", "message/rfc822"]
    assert parts[1].body.of(raw) == mail.read_bytes()
    app.drafting.discard(one.id, NOW)
    linked = app.drafting.from_files([pdf], f"mailto:{SECOND}?subject=Deposito")
    assert (linked.to, linked.subject, [file.name for file in linked.attachments]) == (
        (SECOND,),
        "Deposito",
        ["ricorso.pdf"],
    )
    app.drafting.discard(linked.id, NOW)
    with pytest.raises(InputError):
        app.drafting.from_files([pdf, tmp_path / "nothing"])
    assert app.drafting.all() == ()


# who and whom


def test_what_is_known_of_recipients_is_told(app: App) -> None:
    known = app.drafting.contact(RECIPIENT)
    assert known is not None
    assert (known.type, known.uses) == ("certified", 3)
    assert [each.address for each in app.drafting.contacts("edil")] == [RECIPIENT]
    assert app.drafting.usual_account([RECIPIENT]) == SENDER


def test_another_account_than_the_usual_one_raises_a_question(app: App) -> None:
    one = app.drafting.new(OTHER, to=(RECIPIENT,), subject="x", text="y")
    assert kinds(app, one)[CheckKind.OTHER_ACCOUNT] is Level.QUESTION
    answer = replace(app.drafting.reply(row(app, "Notificazione")), account=OTHER)
    assert kinds(app, answer) == {CheckKind.CASE_OF_ANOTHER_ACCOUNT: Level.QUESTION}


def test_an_account_that_is_not_set_up_cannot_send(app: App) -> None:
    one = app.drafting.new("nessuno@pec.gestoreuno.example", to=(RECIPIENT,), subject="x", text="y")
    assert kinds(app, one)[CheckKind.NO_ACCOUNT] is Level.STOP


def test_signatures_stand_under_what_is_begun(app: App) -> None:
    before = app.settings
    app.save_settings(replace(before, signatures=(Signature("", "Studio Verdi"), Signature(OTHER.upper(), "Altro"))))
    try:
        assert app.drafting.new(SENDER).text == "\n\nStudio Verdi"
        assert app.drafting.new(OTHER, text="Buongiorno\n").text == "Buongiorno\n\nAltro"
        answer = app.drafting.reply(row(app, "Notificazione")).text
        assert answer.index("Studio Verdi") < answer.index("> Buongiorno")
    finally:
        app.save_settings(before)


def test_moments_of_the_account_are_written_as_they_are_given(app: App) -> None:
    at = datetime.fromisoformat("2026-11-22T11:30:00+01:00")
    one = app.drafting.new(SENDER, to=(RECIPIENT,), subject="x", text="y")
    assert b"Date: Sun, 22 Nov 2026 11:30:00 +0100\r\n" in app.drafting.compose(one, at)
