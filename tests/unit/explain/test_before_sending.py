"""The checks before sending: each kind once, with its sentence; of a message that is as it should be, none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pecdesk.explain import language
from pecdesk.explain.before_sending import (
    CheckKind,
    FileFacts,
    KnownRecipient,
    Level,
    SendCheck,
    SendingFacts,
    advice_of,
    checks_before_send,
    sentence_of,
)
from pecdesk.explain.promised import promises_attachment
from pecdesk.mime import Danger, SignedFormat
from pecdesk.pec.draft import Draft, DraftAttachment, Relation
from pecdesk.pec.message import Completeness
from pecdesk.pec.transmission import RecipientState

EN = language("en")
WHEN = datetime(2026, 10, 5, tzinfo=UTC)
ME, OTHER_ME = "studio@pec.gestore.example", "Condominio@pec.gestore.example"
ANNA, BRUNO, CARLA = "anna@pec.uno.example", "bruno@pec.due.example", "carla@posta.example"
KNOWN = {
    ANNA: KnownRecipient("certified", WHEN, RecipientState.DELIVERED),
    BRUNO: KnownRecipient("certified", WHEN, RecipientState.FAILED),
    CARLA: KnownRecipient("external", WHEN, RecipientState.NOT_PEC),
}


def draft(**fields: Any) -> Draft:
    return Draft("0" * 32, ME, **{"to": (ANNA,), "subject": "Diffida", "text": "Vi diffido.\n", **fields})


def facts(**fields: Any) -> SendingFacts:
    return SendingFacts(**{"size": 5000, "known": KNOWN, "accounts": frozenset({ME}), **fields})


def file(name: str = "atto.pdf", size: int = 10) -> DraftAttachment:
    return DraftAttachment(name, name, size)


def files(**about: FileFacts) -> dict[str, FileFacts]:
    return {name.replace("_", "."): found for name, found in about.items()}


MANY = tuple(f"a{number}@pec.uno.example" for number in range(51))
MANY_KNOWN = dict.fromkeys(MANY, KNOWN[ANNA])
PLAIN = FileFacts(None, None)

CASES: list[tuple[CheckKind, Draft, SendingFacts, str]] = [
    (CheckKind.NO_ACCOUNT, draft(), facts(has_account=False), f"“{ME}” is not set up here for sending."),
    (CheckKind.NO_SERVER, draft(), facts(has_server=False), f"No server for sending is known of {ME}."),
    (CheckKind.NO_PASSWORD, draft(), facts(has_password=False), f"No password of {ME} is known"),
    (CheckKind.NO_RECIPIENT, draft(to=("", " ")), facts(), "There is no recipient."),
    (CheckKind.INVALID_RECIPIENT, draft(cc=("quasi@",)), facts(), "missing or not complete: quasi@."),
    (CheckKind.ONLY_CC, draft(to=(), cc=(ANNA,)), facts(), "There is nobody in To"),
    (
        CheckKind.TOO_MANY_RECIPIENTS,
        draft(to=MANY),
        facts(recipients_limit=50, size_limit=10**9, known=MANY_KNOWN),
        "51 recipients: the provider takes at most 50",
    ),
    (
        CheckKind.TOO_LARGE,
        draft(to=(ANNA,), cc=()),
        facts(size=101_000_000, size_limit=100_000_000),
        "Too large: 101 MB × 1 = 101 MB, and the provider takes 100 MB.",
    ),
    (CheckKind.SUBJECT_TOO_LONG, draft(subject="x" * 1001), facts(), "longer than 1000 characters"),
    (
        CheckKind.FILE_MISSING,
        draft(attachments=(file(),)),
        facts(files=files(atto_pdf=FileFacts(None, None, is_missing=True))),
        "missing or damaged: atto.pdf.",
    ),
    (CheckKind.OTHER_ACCOUNT, draft(), facts(usual_account=OTHER_ME), f"You usually write to {ANNA} from {OTHER_ME}"),
    (CheckKind.CASE_OF_ANOTHER_ACCOUNT, draft(), facts(case_account=OTHER_ME), f"lies in the mailbox {OTHER_ME}"),
    (CheckKind.BLIND_COPY, draft(blind=(CARLA,)), facts(), f"will not go to {CARLA}."),
    (CheckKind.NOT_PEC, draft(to=(ANNA, CARLA)), facts(), f"as the last acceptance said: {CARLA}."),
    (CheckKind.FAILED_BEFORE, draft(to=(BRUNO,)), facts(), f"was not delivered to {BRUNO}."),
    (CheckKind.EMPTY_SUBJECT, draft(subject="  "), facts(), "The subject is empty."),
    (CheckKind.EMPTY_MESSAGE, draft(text=" \n"), facts(), "neither a text nor an attachment"),
    (CheckKind.FORGOTTEN_ATTACHMENT, draft(text="Si allega l’atto."), facts(), "and there is none."),
    (
        CheckKind.DANGEROUS_ATTACHMENT,
        draft(attachments=(file("x.exe"),)),
        facts(files=files(x_exe=FileFacts(Danger.PROGRAM, None))),
        "as dangerous: x.exe.",
    ),
    (
        CheckKind.BROKEN_ATTACHMENT,
        draft(attachments=(file(size=0),)),
        facts(files=files(atto_pdf=PLAIN)),
        "The file is empty, or its content is not what its name says: atto.pdf.",
    ),
    (CheckKind.SHORT_RECEIPT, draft(receipt=Completeness.SHORT), facts(), "You asked for a short receipt"),
    (CheckKind.PERHAPS_TOO_LARGE, draft(), facts(size=31_000_000), "Large: 31 MB × 1 = 31 MB."),
    (
        CheckKind.PERHAPS_TOO_MANY,
        draft(to=MANY),
        facts(size_limit=10**9, known=MANY_KNOWN),
        "51 recipients: every provider takes 50",
    ),
    (CheckKind.UNKNOWN_RECIPIENT, draft(to=("mai@pec.uno.example",)), facts(), "is not known yet: mai@"),
    (
        CheckKind.COPY_RECEIPT,
        draft(cc=("dora@pec.uno.example",)),
        facts(known=KNOWN | {"dora@pec.uno.example": KNOWN[ANNA]}),
        "a short one",
    ),
    (CheckKind.BRIEF_RECEIPT, draft(receipt=Completeness.BRIEF), facts(), "You asked for a brief receipt"),
    (CheckKind.OWN_ADDRESS, draft(to=(ANNA, ME.upper())), facts(), "One of your own mailboxes"),
    (CheckKind.TWICE, draft(to=(ANNA, f"Anna <{ANNA.upper()}>")), facts(), "Named twice: Anna <"),
    (
        CheckKind.REPLY_ELSEWHERE,
        draft(relation=Relation.REPLY),
        facts(certified_sender=BRUNO),
        f"{BRUNO}, who wrote the message you are answering",
    ),
    (
        CheckKind.SUSPICIOUS_ATTACHMENT,
        draft(attachments=(file("x.docm"),)),
        facts(files=files(x_docm=FileFacts(Danger.MACROS, None))),
        "macros or scripts",
    ),
    (
        CheckKind.SIGNED_ATTACHMENT,
        draft(attachments=(file("x.p7m"),)),
        facts(files=files(x_p7m=FileFacts(None, SignedFormat.CADES))),
        "not verified here: x.p7m.",
    ),
]


def test_every_kind_has_a_case() -> None:
    assert [kind for kind, *_ in CASES] == list(CheckKind)


def test_nothing_is_said_of_a_message_that_is_as_it_should_be() -> None:
    assert checks_before_send(draft(), facts()) == ()
    whole = draft(attachments=(file(),), receipt=Completeness.FULL)
    assert checks_before_send(whole, facts(files=files(atto_pdf=PLAIN), usual_account=ME.upper())) == ()


@pytest.mark.parametrize(("kind", "one", "about", "said"), CASES, ids=[str(kind) for kind, *_ in CASES])
def test_each_kind_is_told_alone_and_in_a_sentence(kind: CheckKind, one: Draft, about: SendingFacts, said: str) -> None:
    found = checks_before_send(one, about)
    assert [check.kind for check in found] == [kind]
    assert said in sentence_of(found[0], EN)
    for text in (sentence_of(found[0], EN), advice_of(found[0], EN)):
        assert not text or text.endswith(".")
        assert "{" not in text


def test_who_repeats_a_message_to_those_not_reached_is_not_asked_about_it() -> None:
    levels = [checks_before_send(draft(to=(BRUNO,), relation=relation), facts())[0].level for relation in Relation]
    assert dict(zip(Relation, levels, strict=True)) == dict.fromkeys(Relation, Level.QUESTION) | {
        Relation.RESEND: Level.HINT
    }


def test_the_gravest_stands_first() -> None:
    found = checks_before_send(
        draft(to=("quasi@", "mai@pec.uno.example"), subject="", receipt=Completeness.BRIEF), facts()
    )
    assert [check.level for check in found] == [Level.STOP, Level.QUESTION, Level.HINT, Level.HINT]


def test_what_concerns_several_is_one_check_that_names_them() -> None:
    unknown = tuple(f"mai{number}@pec.uno.example" for number in range(5))
    (found,) = checks_before_send(draft(to=unknown), facts())
    assert found.about == unknown
    assert sentence_of(found, EN).endswith("mai2@pec.uno.example and 2 more.")


def test_each_sort_of_wrong_address_has_its_sentence() -> None:
    wrong = (
        "quasi@",
        "a b@pec.uno.example",
        "perché@pec.uno.example",
        f"{ANNA} {BRUNO}",
        "posta-certificata@x.example",
    )
    found = checks_before_send(draft(to=wrong), facts())
    assert {check.kind for check in found} == {CheckKind.INVALID_RECIPIENT}
    assert len({sentence_of(check, EN) for check in found}) == 5


def test_a_large_message_to_many_counts_as_often_as_it_goes() -> None:
    many = MANY[:10]
    known = {"known": MANY_KNOWN}
    assert checks_before_send(draft(to=many), facts(size=10_000_000, size_limit=100_000_000, **known)) == ()
    (found,) = checks_before_send(draft(to=many), facts(size=10_000_001, size_limit=100_000_000, **known))
    assert found.kind is CheckKind.TOO_LARGE


def test_a_request_to_the_provider_says_where_its_address_is_to_be_had() -> None:
    (found,) = checks_before_send(draft(to=(), relation=Relation.LOG_REQUEST), facts())
    assert "customer service" in advice_of(found, EN)


def test_foreign_text_in_a_sentence_shows_its_invisible_signs() -> None:
    check = SendCheck(CheckKind.UNKNOWN_RECIPIENT, Level.HINT, "Never: {names}.", about=("a\u202eb",))
    assert sentence_of(check, EN) == "Never: a[U+202E]b."


@pytest.mark.parametrize(
    ("subject", "text", "promised"),
    [
        ("Atto allegato", "", True),
        ("", "In allegato trova il ricorso.", True),
        ("", "Si allegano i documenti", True),
        ("", "Alleghiamo copia", True),
        ("", "come da acclusa procura", True),
        ("", "Please find attached the deed.", True),
        ("", "see the ATTACHMENTS", True),
        ("", "Nessun allegato è dovuto.", False),
        ("", "senza allegati", False),
        ("", "without attachments", False),
        ("", "Il delegato ha allegro carattere", False),
        ("Re: Atto allegato", "Grazie.", False),
        ("", "Grazie.\n> In allegato trova il ricorso.", False),
        ("", "Grazie.\n-- \nStudio, allegati in calce", False),
        ("", "", False),
    ],
)
def test_an_attachment_is_promised_in_both_languages_and_in_own_words_only(
    subject: str, text: str, promised: bool
) -> None:
    assert promises_attachment(subject, text) is promised
