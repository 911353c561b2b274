"""Letters that look like others: an address or a word made of two alphabets is not the one it seems to be.

After Unicode Technical Standard 39 (sections 4 and 5), cut down to what can pass for the plain Latin letters of a PEC
address: a word that mixes Latin letters with such letters of another alphabet, and an address that is none of plain
letters and would be read as one. Words of one alphabet are a language and are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.pec.transmission import Direction, Transmission

_PAIRS = (
    # Cyrillic
    "аa вb еe һh іi јj кk ӏl мm пn оo рp ԛq гr ѕs тt ѵv ԝw хx уy ԁd сc ԍg нh ьb ёe їi ґr ҽe ҫc ҳx ӧo ӓa ӱy"
    " АA ВB СC ЕE ЁE ԌG НH ІI ЇI ЈJ КK МM ОO РP ԚQ ЅS ТT Ѵv ԜW ХX УY ҮY ӀI"
    # Greek
    " αa γy εe ηn ιi κk νv οo ρp σo τt υu χx ωw ϲc ϳj όo ίi άa ύu"
    " ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC ϺM"
    # Armenian, Cherokee, Lisu: what passes for Latin at a glance
    " աw գq զq հh ոn սu օo ցg քf"
    " ᎪA ᏴB ᏟC ᎠD ᎬE ᎻH ᎫJ ᏦK ᏞL ᎷM ᏢP ᎡR ᏚS ᎢT ᏙV ᎳW ᏃZ ꓮA ꓐB ꓚC ꓓD ꓰE ꓧH ꓲI ꓗK ꓡL ꓟM ꓠN ꓳO ꓑP ꓢS ꓔT ꓴU ꓦV ꓪW ꓫX ꓬY ꓜZ"
)
_LOOKS = {pair[0]: pair[1] for pair in _PAIRS.split()}
"""Letters of other alphabets, each with the plain letter it passes for."""

_LATIN_LOOKS = {"ı": "i", "ȷ": "j", "ɑ": "a", "ɡ": "g", "ɩ": "i", "ʟ": "l", "ʏ": "y", "ɾ": "r", "ꜱ": "s", "ƿ": "p"}
"""Letters that are Latin too, and pass for a plain one: ordinary in a language, never in an address."""

_PIECE = re.compile(r"(?:(?!\[U\+[0-9A-F]{4,6}\])\S)+")
"""What stands between blanks, or between marks of `visible`: those have letters of their own."""
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN_LETTER = re.compile("[A-Za-z]")
_SOFT_HYPHEN = "\u00ad"
_CODED = re.compile(r"xn--([a-z0-9-]{1,59})", re.IGNORECASE)

MAX_ADDRESS = 320
"""Characters; no address is longer (RFC 5321 §4.5.3.1)."""


def misleading(text: str) -> frozenset[int]:
    """Where in a text letters stand that pass for others: to be written as their numbers, lest anybody be taken in."""
    if text.isascii():
        return frozenset()
    found: set[int] = set()
    for piece in _PIECE.finditer(text):
        is_address = "@" in piece[0]
        words = [piece] if is_address else _WORD.finditer(piece[0])
        start = 0 if is_address else piece.start()
        for word in words:
            if not word[0].isascii() and _PLAIN_LETTER.search(word[0]):
                passes = _passes_in_address if is_address else _LOOKS.__contains__
                found |= {start + word.start() + at for at, letter in enumerate(word[0]) if passes(letter)}
    return frozenset(found)


def _passes_in_address(letter: str) -> bool:
    """Also Latin letters of other languages, what is a plain letter in another dress (𝐚, ａ), and what is not seen."""
    if letter == _SOFT_HYPHEN:
        return True
    if letter.isascii() or not letter.isalnum():
        return False
    return letter in _LOOKS or letter in _LATIN_LOOKS or unicodedata.normalize("NFKC", letter).isascii()


def imitated(address: str) -> str:
    """The plain address that this one would be taken for, in lower case; empty where it is what it seems to be.

    A domain in its coded form (`xn--…`, RFC 3492) is looked at as other programs show it.
    """
    shown = _CODED.sub(lambda found: _uncoded(found[1]) or found[0], address)
    if shown.isascii() or len(shown) > MAX_ADDRESS:
        return ""
    plain = unicodedata.normalize("NFKD", "".join(_LATIN_LOOKS.get(each) or _LOOKS.get(each, each) for each in shown))
    seen = "".join(each for each in plain if each.isprintable() and not unicodedata.combining(each)).lower()
    return seen if seen.isascii() else ""


def _uncoded(label: str) -> str:
    """What a coded label stands for; nothing where it stands for nothing."""
    try:
        return label.encode().decode("punycode")
    except ValueError:
        return ""


MAX_NAMED = 3
"""How many addresses of one message are told apart, one by one."""

BYLINE = N_("not the address it looks like")
SENTENCE = N_("“{address}” is not “{seen}”, though it is easily taken for it.")
WHAT_TO_DO = N_(
    "What only looks like a plain letter stands here as its number ([U+0430]) or in a coded form (xn--…). Compare the"
    " address with one you had before, and rely on nothing until you have."
)


def imitations(addresses: Iterable[str], language: Language) -> list[str]:
    """Those among the addresses that imitate others, each in a sentence."""
    found = {address: seen for address in addresses if (seen := imitated(address))}
    return [language.say(SENTENCE, address=address, seen=seen) for address, seen in list(found.items())[:MAX_NAMED]]


def imitations_of(row: Transmission, language: Language) -> list[str]:
    """The same for the other side of a row: who wrote it, or to whom it went."""
    if row.direction is Direction.RECEIVED:
        return imitations((row.sender,), language)
    return imitations((recipient.address for recipient in row.recipients), language)
