"""What there is to say of a PEC before it leaves, as one list of plain sentences: a closed list of kinds, none nagging.

What concerns several recipients or files is one check that names them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from pecdesk.errors import N_
from pecdesk.explain.content_checks import content_checks
from pecdesk.explain.send_check import (
    CheckKind,
    FileFacts,
    KnownRecipient,
    Level,
    SendCheck,
    SendingFacts,
    advice_of,
    sentence_of,
)
from pecdesk.pec.composing import RecipientProblem, parse_recipient
from pecdesk.pec.draft import Draft, Relation
from pecdesk.pec.message import Completeness, normal_address
from pecdesk.pec.transmission import RecipientState

__all__ = [
    "CheckKind",
    "FileFacts",
    "KnownRecipient",
    "Level",
    "SendCheck",
    "SendingFacts",
    "advice_of",
    "checks_before_send",
    "sentence_of",
]


def checks_before_send(draft: Draft, facts: SendingFacts) -> tuple[SendCheck, ...]:
    """Everything there is to say, gravest first, then in the order of `CheckKind`."""
    found = [*_sender(draft, facts), *_recipients(draft, facts), *content_checks(draft, facts)]
    levels, kinds = list(Level), list(CheckKind)
    return tuple(sorted(found, key=lambda check: (levels.index(check.level), kinds.index(check.kind))))


# who sends


def _sender(draft: Draft, facts: SendingFacts) -> Iterator[SendCheck]:
    account = {"account": draft.account}
    if not facts.has_account:
        yield SendCheck(
            CheckKind.NO_ACCOUNT,
            Level.STOP,
            N_("“{account}” is not set up here for sending."),
            N_("Choose another account to send it from, or set this one up."),
            fields=account,
        )
    elif not facts.has_server:
        yield SendCheck(
            CheckKind.NO_SERVER,
            Level.STOP,
            N_("No server for sending is known of {account}."),
            N_("Enter its server for sending (SMTP) in the settings of the account."),
            fields=account,
        )
    elif not facts.has_password:
        yield SendCheck(
            CheckKind.NO_PASSWORD,
            Level.STOP,
            N_("No password of {account} is known: the provider would not take the message."),
            N_("Enter it in the settings of the account; the message waits here as a draft."),
            fields=account,
        )
    sender = normal_address(draft.account)
    if facts.case_account is not None and normal_address(facts.case_account) != sender:
        yield SendCheck(
            CheckKind.CASE_OF_ANOTHER_ACCOUNT,
            Level.QUESTION,
            N_("The message this is about lies in the mailbox {other}; you are writing from {account}."),
            N_("For the recipient these are two different senders: choose the one that is meant."),
            fields={**account, "other": facts.case_account},
        )
    elif facts.usual_account is not None and normal_address(facts.usual_account) != sender:
        yield SendCheck(
            CheckKind.OTHER_ACCOUNT,
            Level.QUESTION,
            N_("You usually write to {names} from {other}; this time from {account}."),
            N_("For the recipient these are two different senders: choose the one that is meant."),
            about=tuple(address for address in (*draft.to, *draft.cc) if address.strip()),
            fields={**account, "other": facts.usual_account},
        )


# to whom


def _recipients(draft: Draft, facts: SendingFacts) -> Iterator[SendCheck]:
    written = [each for each in (*draft.to, *draft.cc) if each.strip()]
    problems = {each: found for each in written if isinstance(found := parse_recipient(each), RecipientProblem)}
    yield from _wrong_recipients(draft, written, problems)
    addresses = {each: _address(each) for each in written if each not in problems}
    own = tuple(each for each, address in addresses.items() if address in facts.accounts)
    if draft.blind:
        yield SendCheck(
            CheckKind.BLIND_COPY,
            Level.QUESTION,
            N_("A blind copy (Bcc) was asked for, and PEC has none: the message will not go to {names}."),
            N_("Put them in Cc where everybody may see it, or send them a message of their own."),
            about=draft.blind,
        )
    others = {each: facts.known.get(address) for each, address in addresses.items() if each not in own}
    yield from _what_is_known(draft, others)
    yield from _copies(draft, addresses)
    if own:
        yield SendCheck(
            CheckKind.OWN_ADDRESS,
            Level.HINT,
            N_("One of your own mailboxes is among the recipients: {names}."),
            about=own,
        )
    if twice := _repeated([each for each in written if each in addresses], addresses):
        yield SendCheck(
            CheckKind.TWICE,
            Level.HINT,
            N_("Named twice: {names}."),
            N_("The message goes there once; in To where it stands in both."),
            about=twice,
        )
    yield from _answer_elsewhere(draft, facts, addresses)


def _what_is_known(draft: Draft, others: Mapping[str, KnownRecipient | None]) -> Iterator[SendCheck]:
    """Who is not PEC, whom the last message did not reach, of whom nothing is known; each as it is written."""

    def those(fits: Callable[[KnownRecipient | None], bool]) -> tuple[str, ...]:
        return tuple(each for each, known in others.items() if fits(known))

    if external := those(lambda one: one is not None and one.type == "external"):
        yield SendCheck(
            CheckKind.NOT_PEC,
            Level.QUESTION,
            N_("Not a PEC mailbox, as the last acceptance said: {names}."),
            N_(
                "It is sent there too, but no receipt of delivery will come. If you must prove the delivery, look"
                " for a PEC address in the public registers (INI-PEC, IPA, INAD)."
            ),
            about=external,
        )
    if failed := those(lambda one: one is not None and one.last_outcome is RecipientState.FAILED):
        yield SendCheck(
            CheckKind.FAILED_BEFORE,
            # Who sends again to those alone who were not reached knows it.
            Level.HINT if draft.relation is Relation.RESEND else Level.QUESTION,
            N_("The last message was not delivered to {names}."),
            N_("Check the address in the public registers (INI-PEC, IPA, INAD)."),
            about=failed,
        )
    if unknown := those(lambda one: one is None or one.type is None):
        yield SendCheck(
            CheckKind.UNKNOWN_RECIPIENT,
            Level.HINT,
            N_("Whether this is a PEC mailbox is not known yet: {names}."),
            N_("The acceptance receipt will say. If you must prove the delivery, look in the public registers first."),
            about=unknown,
        )


def _copies(draft: Draft, sound: Collection[str]) -> Iterator[SendCheck]:
    copies = tuple(each for each in draft.cc if each in sound)
    if copies and any(each in sound for each in draft.to) and draft.receipt is not Completeness.SHORT:
        yield SendCheck(
            CheckKind.COPY_RECEIPT,
            Level.HINT,
            N_("In Cc, so the receipt of delivery will be a short one, without the message: {names}."),
            N_("Put in To everybody to whom you must prove what was delivered."),
            about=copies,
        )


def _answer_elsewhere(draft: Draft, facts: SendingFacts, addresses: Mapping[str, str]) -> Iterator[SendCheck]:
    sender = facts.certified_sender
    if draft.relation is Relation.REPLY and sender and addresses and normal_address(sender) not in addresses.values():
        yield SendCheck(
            CheckKind.REPLY_ELSEWHERE,
            Level.HINT,
            N_("{sender}, who wrote the message you are answering, is not among the recipients."),
            N_("Either the sender asked for answers elsewhere, or you changed the recipients."),
            fields={"sender": sender},
        )


def _wrong_recipients(
    draft: Draft, written: Collection[str], problems: Mapping[str, RecipientProblem]
) -> Iterator[SendCheck]:
    if not written:
        yield SendCheck(
            CheckKind.NO_RECIPIENT,
            Level.STOP,
            N_("There is no recipient."),
            N_("Write at least one address in To.")
            if draft.relation is not Relation.LOG_REQUEST
            else N_("Write in To the address your provider names for such requests; its customer service knows it."),
        )
    elif not any(each.strip() for each in draft.to):
        yield SendCheck(
            CheckKind.ONLY_CC,
            Level.STOP,
            N_("There is nobody in To: providers refuse a message that has only copies."),
            N_("Put at least one recipient in To."),
        )
    for problem in dict.fromkeys(problems.values()):
        yield SendCheck(
            CheckKind.INVALID_RECIPIENT,
            Level.STOP,
            PROBLEMS[problem],
            N_("Correct it, or take it away: with one wrong address nothing is sent."),
            about=tuple(dict.fromkeys(each for each in problems if problems[each] is problem)),
        )


PROBLEMS: dict[RecipientProblem, str] = {
    RecipientProblem.MALFORMED: N_("Not a mail address: {names}."),
    RecipientProblem.SEVERAL: N_("More than one address in one place: {names}."),
    RecipientProblem.NO_DOMAIN: N_("What stands behind the @ is missing or not complete: {names}."),
    RecipientProblem.NOT_ASCII: N_("An address can have no accents or special letters: {names}."),
    RecipientProblem.PROVIDER: N_(
        "This is the address with which a provider signs, nobody reads it: {names}. Write to the certified sender."
    ),
}


def _address(written: str) -> str:
    found = parse_recipient(written)
    return "" if isinstance(found, RecipientProblem) else normal_address(found.address)


def _repeated(written: Collection[str], addresses: Mapping[str, str]) -> tuple[str, ...]:
    """Those whose address stands before them already."""
    seen: set[str] = set()
    found: dict[str, None] = {}
    for each in written:
        if addresses[each] in seen:
            found[each] = None
        seen.add(addresses[each])
    return tuple(found)
