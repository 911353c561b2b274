"""Writing: drafts that no crash takes away, what they begin with, what is said of them before they are sent.

The files of a draft are what counts (`pecdesk.store.drafts`); its row in the list follows, and is made again from them
where another process was just writing. Everything here may wait for the disk: for a thread in the background.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pecdesk.app import answers
from pecdesk.app.files import facts_of, take_file
from pecdesk.errors import N_, LoginError, ProfileError, StoreError, UsageError
from pecdesk.explain.before_sending import (
    FileFacts,
    KnownRecipient,
    SendCheck,
    SendingFacts,
    checks_before_send,
)
from pecdesk.mime.file_names import unique_name
from pecdesk.mime.mailto import mailto_link
from pecdesk.pec.composing import encoded_size, message_of, new_message_id, recipients_of
from pecdesk.pec.draft import Draft, DraftAttachment
from pecdesk.pec.message import normal_address
from pecdesk.pec.rebuilding import Rebuilt
from pecdesk.profile.accounts import Account
from pecdesk.profile.providers import provider_named
from pecdesk.store.contacts import Contact, Contacts
from pecdesk.store.drafts import DraftFolder, new_draft_id

if TYPE_CHECKING:
    from pecdesk.app.app import App
    from pecdesk.explain import Language
    from pecdesk.store import Row

PATIENCE = 2.0
"""Seconds to wait for another process that writes, before the row of a draft is left for later."""
REMEMBERED_FILES = 200


class Drafting:
    """The drafts of one profile. For any thread."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._folder = DraftFolder(app.profile.drafts)
        self._guard = threading.Lock()
        self._facts: dict[tuple[str, str], FileFacts] = {}
        """What files say, by name and SHA-256."""
        self._places: dict[str, str] = {}
        """In which draft an attachment was last seen, by SHA-256."""
        self._with_password: set[str] = set()
        """Accounts whose password was found."""

    # drafts

    def new(self, account: str, **fields: Any) -> Draft:
        """A draft that is nowhere yet, signed as its account signs; `fields` are those of `Draft`."""
        signature = answers.signature_of(self._app.settings, account)
        text = fields.pop("text", "")
        return Draft(new_draft_id(), account, text=answers.signed(text, signature), **fields)

    def save(self, draft: Draft, at: datetime) -> Draft:
        """Keep a draft, durably; as it was kept, with its time. Raises `StoreError` where the disk refuses."""
        written = self._folder.save(replace(draft, written_at=at))
        self._show(written)
        return written

    def all(self) -> tuple[Draft, ...]:
        """Every draft that can be read, the one saved last first; those on their way out are none."""
        frozen = self._app.store.frozen_drafts()
        return tuple(draft for draft in self._folder.all()[0] if draft.id not in frozen)

    def get(self, draft_id: str) -> Draft:
        """A draft. Raises `UsageError` where there is none, `StoreError` where it cannot be read."""
        found = self._folder.load(draft_id)
        if found is None:
            raise UsageError(N_("This draft is no longer there."), N_("It was sent or deleted meanwhile."))
        return found

    def discard(self, draft_id: str, at: datetime) -> None:  # noqa: ARG002 - every verb that changes something has it
        """Delete a draft for good."""
        self._folder.discard(draft_id)
        with suppress(ProfileError), self._app.writing(patience=PATIENCE):
            self._app.store.drop_draft(draft_id)

    def _show(self, draft: Draft) -> None:
        with suppress(ProfileError), self._app.writing(patience=PATIENCE):
            self._app.store.show_draft(draft)

    # files

    def attach(self, draft: Draft, path: Path, at: datetime) -> Draft:
        """The draft with a copy of a file. Raises `InputError`."""
        taken = take_file(path)
        return self._attached(draft, taken.name, taken.raw, taken.media_type, at)

    def attach_bytes(self, draft: Draft, name: str, raw: bytes, media_type: str) -> Draft:
        """The draft with these bytes as a file."""
        return self._attached(draft, name, raw, media_type, draft.written_at)

    def _attached(self, draft: Draft, name: str, raw: bytes, media_type: str, at: datetime | None) -> Draft:
        if draft.id not in self._folder.ids():
            # Files without a draft would be swept away.
            self._folder.save(replace(draft, written_at=at))
        sha256 = self._folder.put(draft.id, raw)
        name = unique_name(name, [each.name for each in draft.attachments])
        self._remember(name, sha256, facts_of(name, raw))
        added = DraftAttachment(name, sha256, len(raw), media_type)
        return replace(draft, attachments=(*draft.attachments, added))

    def attachment(self, attachment: DraftAttachment) -> bytes:
        """The bytes of an attachment of a draft. Raises `StoreError` where they are missing or damaged."""
        place = self._places.get(attachment.sha256)
        known = [place] if place is not None else []
        for draft_id in (*known, *self._folder.ids()):
            if self._folder.path_of(draft_id, attachment.sha256).is_file():
                self._places[attachment.sha256] = draft_id
                return self._folder.attachment(draft_id, attachment)
        raise StoreError(
            N_("The file “{name}” of the draft is missing or damaged."),
            N_("Take it out of the draft and attach it again."),
            name=attachment.name,
        )

    def _remember(self, name: str, sha256: str, facts: FileFacts) -> None:
        with self._guard:
            while len(self._facts) >= REMEMBERED_FILES:
                self._facts.pop(next(iter(self._facts)))
            self._facts[name, sha256] = facts

    def _file_facts(self, draft: Draft, attachment: DraftAttachment) -> FileFacts:
        try:
            is_there = self._folder.path_of(draft.id, attachment.sha256).stat().st_size == attachment.size
        except (OSError, UsageError):  # gone, or never was a file of a draft
            is_there = False
        if not is_there:
            return FileFacts(None, None, is_missing=True)
        known = self._facts.get((attachment.name, attachment.sha256))
        if known is not None:
            return known
        try:
            found = facts_of(attachment.name, self._folder.attachment(draft.id, attachment))
        except StoreError:
            return FileFacts(None, None, is_missing=True)
        self._remember(attachment.name, attachment.sha256, found)
        return found

    # sending

    def compose(self, draft: Draft, at: datetime) -> bytes:
        """The bytes to be sent, with an id of their own: every call makes another message.

        Raises `UsageError` for a draft that makes none, `StoreError` where a file is missing.
        """
        account = self._account(draft.account)
        return message_of(
            draft,
            account.name if account is not None else "",
            lambda attachment: self._folder.attachment(draft.id, attachment),
            new_message_id(draft.account),
            at,
        )

    def checks(self, draft: Draft, at: datetime) -> tuple[SendCheck, ...]:  # noqa: ARG002 - nothing depends on it yet
        """Everything there is to say of a draft before it is sent, gravest first."""
        account = self._account(draft.account)
        provider = provider_named(account.provider) if account is not None else None
        written = [each.address.address for each in recipients_of(draft)]
        contacts = self._contacts().known(written)
        case, sender = answers.case_of(self._app, draft)
        facts = SendingFacts(
            size=encoded_size(draft, account.name if account is not None else ""),
            has_account=account is not None or self._leaves_otherwise(draft.account),
            has_server=account.smtp is not None if account is not None else self._leaves_otherwise(draft.account),
            has_password=account is None or self._has_password(account),
            size_limit=(account.size_limit if account else 0) or (provider.size_limit if provider else 0),
            recipients_limit=(account.recipients_limit if account else 0)
            or (provider.recipients_limit if provider else 0),
            accounts=self._own(),
            known={
                address: KnownRecipient(one.type, one.known_at, one.last_outcome) for address, one in contacts.items()
            },
            usual_account=self.usual_account(written) if case is None else None,
            case_account=case,
            certified_sender=sender,
            files={each.sha256: self._file_facts(draft, each) for each in draft.attachments},
        )
        return checks_before_send(draft, facts)

    def _leaves_otherwise(self, address: str) -> bool:
        """Whether a mailbox of this profile needs no servers to be sent from, as in the demo."""
        return self._app.outgoing.has_own_way and normal_address(address) in self._app.store.accounts()

    def _has_password(self, account: Account) -> bool:
        """Whether a password is there to be had. A command is not run for that: it may ask the user something."""
        if account.password_command or account.key in self._with_password:
            return True
        try:
            self._app.servers.password_of(account)
        except LoginError:
            return False
        self._with_password.add(account.key)
        return True

    def _account(self, address: str) -> Account | None:
        return self._app.servers.get(address)

    def _own(self) -> frozenset[str]:
        return self._app.store.accounts() | {account.key for account in self._app.servers.all()}

    # whom

    def contacts(self, prefix: str, limit: int = 8) -> list[Contact]:
        """Addresses known from what was sent and received, the likeliest first. Quick."""
        return self._contacts().completions(prefix, limit)

    def contact(self, address: str) -> Contact | None:
        """What is known of one address. Quick."""
        return self._contacts().contact(address)

    def usual_account(self, recipients: Collection[str]) -> str | None:
        """The account, as it is written, from which one usually writes to these; None where that is not clear."""
        found = self._contacts().usual_account(recipients)
        account = self._account(found) if found is not None else None
        return account.address if account is not None else None

    def _contacts(self) -> Contacts:
        return Contacts(self._app.store.database)

    # beginning

    def reply(self, row: Row) -> Draft:
        """An answer to the certified sender of a message, its text quoted."""
        return answers.reply(self._app, self, row, self._language(), everybody=False)

    def reply_all(self, row: Row) -> Draft:
        """The same to everybody it went to."""
        return answers.reply(self._app, self, row, self._language(), everybody=True)

    def forward(self, row: Row, *, whole: bool = False) -> Draft:
        """A message sent on as an attachment, byte for byte: what the user reads, or `whole` with the provider's
        envelope around it, by which others can verify its certification."""
        return answers.forward(self._app, self, row, self._language(), whole=whole)

    def resend(self, row: Row) -> Draft:
        """The message again, to those alone whom it did not reach. Raises `UsageError` where there is nothing to do."""
        return answers.resend(self._app, self, row)

    def log_request(self, row: Row) -> Draft:
        """A letter to one's own provider for the log of a message whose receipts are missing."""
        return answers.log_letter(self._app, self, row)

    def rebuilt_original(self, row: Row) -> Rebuilt:
        """A sent message whose copy is lost, out of a full delivery receipt. `UsageError` where there is none."""
        return answers.rebuilt(self._app, row)

    def from_mailto(self, link: str) -> Draft:
        """What a `mailto:` link asks for. Nobody is put in Bcc: PEC has none, and the checks say so."""
        asked = mailto_link(link)
        account = self._likely_account([*asked.to, *asked.cc])
        parent = (asked.in_reply_to,) if asked.in_reply_to else ()
        return self.new(
            account,
            to=asked.to,
            cc=asked.cc,
            blind=asked.bcc,
            subject=asked.subject,
            text=asked.body,
            in_reply_to=asked.in_reply_to,
            references=parent,
        )

    def from_files(self, paths: Sequence[Path], link: str = "") -> Draft:
        """A message with these files, whose bytes are those that are sent; all of them or, with `InputError`, none.

        `link`: a `mailto:` link that says whom it goes to and what stands in it.
        """
        taken = [take_file(Path(path)) for path in paths]
        draft = self.from_mailto(link) if link else self.new(self._likely_account([]))
        if len(taken) == 1 and not draft.subject:
            draft = replace(draft, subject=Path(taken[0].name).stem[:100])
        for file in taken:
            draft = self.attach_bytes(draft, file.name, file.raw, file.media_type)
        return draft

    def _likely_account(self, recipients: Collection[str]) -> str:
        usual = self.usual_account(recipients) if recipients else None
        able = [account.address for account in self._app.servers.all() if account.smtp is not None]
        found = usual or next(iter(able), None) or next(iter(sorted(self._app.store.accounts())), None)
        if found is None:
            raise UsageError(N_("There is no account to write from."), N_("Set one up first."))
        return found

    def _language(self) -> Language:
        from pecdesk.explain import language, preferred  # noqa: PLC0415

        wished = self._app.settings.language
        return language(wished if wished != "system" else preferred())
