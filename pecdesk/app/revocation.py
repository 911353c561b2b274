"""Revocation lists fetched in the background, kept for ever, and the verdicts made again that they change.

Only addresses are asked that stand in certificates from which a path leads to a trusted authority: what a stranger
writes into his certificate makes this program ask nobody. Examinations never fetch: they are given what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from pecdesk.app.fetching import FetchError, fetch
from pecdesk.app.keeper import RevocationKeeper
from pecdesk.app.opened import Opened, Progress, quiet
from pecdesk.app.upkeep import BATCH, Change, conclusions
from pecdesk.errors import N_, PecdeskError, ProfileError, StoreError
from pecdesk.examine import Examination
from pecdesk.examiner import Examiner
from pecdesk.store import Store
from pecdesk.store.disk import write_file
from pecdesk.trust import (
    AnchorSet,
    CheckName,
    CheckStatus,
    Note,
    Reason,
    RevocationData,
    is_from_known_authority,
    read_revocation_data,
)

Fetch = Callable[[str], bytes]

MOST_ADDRESSES = 32
"""Asked in one go; the providers of certified mail together have one."""
SOONEST, LATEST = timedelta(hours=6), timedelta(days=1)
"""How long a list that was fetched is left alone: until it says that the next one is there, within these bounds."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=7)
"""How long an address that failed is left alone: twice as long each time."""

_PLACES = "places.json"
_CHECKS_OF_PATH = (CheckName.PATH, CheckName.POLICY, CheckName.PURPOSE, CheckName.NAME_CONSTRAINTS)


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is remembered of an address."""

    next_at: datetime
    """Not to be asked before."""
    failures: int = 0
    """In a row."""


class Places(msgspec.Struct):
    """The addresses that are known, and when the messages were last looked through for others."""

    asked: dict[str, Asked] = {}
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Renewed:
    """What came of looking for new revocation data."""

    asked: int = 0
    """Addresses."""
    new: tuple[RevocationData, ...] = ()
    changes: tuple[Change, ...] = ()
    """Verdicts that are others now."""
    troubles: tuple[PecdeskError, ...] = ()


def _never() -> bool:
    """Go on to the end."""
    return False


def renew(
    app: Opened,
    now: datetime,
    *,
    fetch: Fetch = fetch,
    progress: Progress = quiet,
    cancelled: Callable[[], bool] = _never,
) -> Renewed:
    """Fetch what is due, keep what is new, and make the verdicts again that it concerns.

    For the background: it waits for the network. What cannot be fetched is told in the answer and tried again another
    time, and so are the verdicts while another program writes in the profile. Raises ProfileError while another is here
    for the same purpose.
    """
    keeper = RevocationKeeper(app.profile)
    with app.profile.lock("revocation"):
        places = _read_places(keeper)
        if places.looked_at is None or now - places.looked_at >= LATEST:
            places.asked = {url: places.asked.get(url, Asked(now)) for url in _addresses(app.store)}
            places.looked_at = now
        asked = places.asked
        due = [url for url, one in asked.items() if one.next_at <= now]
        troubles: list[PecdeskError] = []
        new: list[RevocationData] = []
        for url in due[:MOST_ADDRESSES]:
            if cancelled():
                break
            try:
                encoded = fetch(url)
                data = _checked(url, encoded, app.anchors)
            except FetchError as error:
                troubles.append(error)
                asked[url] = _after_failure(asked[url], now, error.wait_seconds)
            else:
                new += keeper.keep([encoded], app.anchors)
                asked[url] = _after_success(data, now)
        _write_places(keeper, places)
        changes: tuple[Change, ...] = ()
        try:
            changes = draw_consequences(app, now, progress=progress)
        except ProfileError as error:
            troubles.append(error)
    return Renewed(len(due[:MOST_ADDRESSES]), tuple(new), changes, tuple(troubles))


def _checked(url: str, encoded: bytes, anchors: AnchorSet) -> RevocationData:
    """What came from an address, if it is what was looked for and not a stranger's or a welcome page."""
    data = read_revocation_data(encoded)
    if data is None or not is_from_known_authority(encoded, anchors):
        raise FetchError(N_("{url} sends no revocation list of a trusted authority."), url=url)
    return data


def take_in(app: Opened, found: Iterable[bytes], now: datetime, *, progress: Progress = quiet) -> Renewed:
    """Keep lists and OCSP answers (DER) that came by another way, and make the verdicts again that they concern."""
    with app.profile.lock("revocation"):
        new = RevocationKeeper(app.profile).keep(found, app.anchors)
        return Renewed(0, tuple(new), draw_consequences(app, now, progress=progress))


def draw_consequences(app: Opened, now: datetime, *, progress: Progress = quiet) -> tuple[Change, ...]:
    """Make the verdicts again that something kept since the last time concerns. Does nothing where nothing was."""
    keeper = RevocationKeeper(app.profile)
    if not keeper.is_pending:
        return ()
    everything = keeper.all()
    app.forget_trust()
    with app.writing(), app.examiner(now=now) as examiner:
        concerned = [one.sha256 for one in _examinations(app.store) if is_concerned(one, everything)]
        changes = tuple(_made_again(app.store, examiner, concerned, progress))
        keeper.settle()
    return changes


def is_concerned(examination: Examination, data: Iterable[RevocationData]) -> bool:
    """Whether any of this data may change what the examination says; whether it does, only a new one can tell."""
    at, notes, reasons = examination.reference_time, examination.notes, examination.reasons
    if at is None or Reason.REVOKED in reasons:
        return False
    chain = examination.signature.chain
    is_open = Note.REVOCATION_NOT_CHECKED in notes or Reason.REVOCATION_UNKNOWN in reasons
    for one in data:
        dates = [date for certificate in chain if (date := one.revocation_of(certificate)) is not None]
        if any(date <= at or Note.REVOKED_SINCE not in notes for date in dates):
            return True
        if is_open and any(one.may_clear(certificate, at) for certificate in chain):
            return True
    return False


def addresses_in(examination: Examination) -> tuple[str, ...]:
    """Where the certificates of its signer's chain say that their CRLs are, if nothing is wrong with the chain.

    (Without a path to a trusted authority there is none. The store does not keep the checks that passed.)
    """
    if any(check.name in _CHECKS_OF_PATH and check.status is CheckStatus.FAILED for check in examination.checks):
        return ()
    urls = (url for one in examination.signature.chain for url in one.crl_urls)
    return tuple(url for url in urls if url.lower().startswith(("http://", "https://")))


def _addresses(store: Store) -> list[str]:
    found: dict[str, None] = {}
    for examination in _examinations(store):
        found.update(dict.fromkeys(addresses_in(examination)))
    return list(found)


def _examinations(store: Store) -> Iterator[Examination]:
    hashes = [sha256 for sha256, *_ in store.hashes()]
    for start in range(0, len(hashes), BATCH):
        for message in store.messages_by_hash(hashes[start : start + BATCH]):
            yield message.examination


def _made_again(store: Store, examiner: Examiner, hashes: list[str], progress: Progress) -> Iterator[Change]:
    for start in range(0, len(hashes), BATCH):
        batch = hashes[start : start + BATCH]
        before = {one.examination.sha256: one.examination for one in store.messages_by_hash(batch)}
        fresh = [after for _, after in examiner.examine_many(_raws(store, batch))]
        store.replace(fresh)
        for after in fresh:
            if conclusions(before[after.sha256]) != conclusions(after):
                yield Change(after.sha256, before[after.sha256], after)
        progress(start + len(batch), len(hashes))


def _raws(store: Store, hashes: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes of these messages; what is damaged or gone is for `doctor` to tell."""
    for sha256 in hashes:
        with suppress(StoreError):
            yield sha256, store.archive.get(sha256)


def _after_success(data: RevocationData, now: datetime) -> Asked:
    return Asked(min(max(data.next_update or now, now + SOONEST), now + LATEST))


def _after_failure(before: Asked, now: datetime, wait_seconds: int) -> Asked:
    pause = max(FIRST_PAUSE * 2 ** min(before.failures, 10), timedelta(seconds=wait_seconds))
    return Asked(now + min(pause, LONGEST_PAUSE), before.failures + 1)


def _read_places(keeper: RevocationKeeper) -> Places:
    try:
        return msgspec.json.decode((keeper.folder / _PLACES).read_bytes(), type=Places)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return Places()


def _write_places(keeper: RevocationKeeper, places: Places) -> None:
    keeper.folder.mkdir(mode=0o700, exist_ok=True)
    write_file(keeper.folder / _PLACES, msgspec.json.encode(places))
