"""daticert.xml: every field read, every deviation survived, everything ambiguous refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.demo import certification as written
from pecdesk.demo.draft import Completeness as Asked
from pecdesk.demo.draft import Recipient
from pecdesk.pec.daticert import (
    MAX_BYTES,
    MAX_TAGS,
    CertificationData,
    CertificationError,
    CertifiedRecipient,
    RecipientType,
    read_certification,
)
from pecdesk.pec.message import KIND_OF_TYPE, Completeness, MessageKind

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="avvenuta-consegna" errore="nessuno">
  <intestazione>
    <mittente>Studio@pec.gestore.example</mittente>
    <destinatari tipo="certificato">Anna@pec.uno.example</destinatari>
    <destinatari tipo="esterno">carla@posta.example</destinatari>
    <risposte></risposte>
    <oggetto>Perché &amp; così</oggetto>
  </intestazione>
  <dati>
    <gestore-emittente>Gestore Uno S.p.A.</gestore-emittente>
    <data zona="+0100"><giorno>02/03/2026</giorno><ora>09:00:07</ora></data>
    <identificativo>opec1.20260302090007@pec.gestore.example</identificativo>
    <msgid>&lt;Nota.1@Studio.Example&gt;</msgid>
    <ricevuta tipo="completa" />
    <consegna>Anna@pec.uno.example</consegna>
  </dati>
</postacert>
"""
DATA = CertificationData(
    type="avvenuta-consegna",
    error="nessuno",
    extended_error=None,
    sender="Studio@pec.gestore.example",
    recipients=(
        CertifiedRecipient("Anna@pec.uno.example", RecipientType.CERTIFIED),
        CertifiedRecipient("carla@posta.example", RecipientType.EXTERNAL),
    ),
    reply_to=None,
    subject="Perché & così",
    issuer="Gestore Uno S.p.A.",
    time=datetime(2026, 3, 2, 9, 0, 7, tzinfo=timezone(timedelta(hours=1))),
    identifier="opec1.20260302090007@pec.gestore.example",
    message_id="Nota.1@studio.example",
    receipt="completa",
    delivered_to="Anna@pec.uno.example",
)


def changed(*pairs: tuple[str, str]) -> bytes:
    """The document with pieces of it replaced."""
    document = DOCUMENT
    for old, new in pairs:
        assert old in document
        document = document.replace(old, new)
    return document.encode()


def refusal(data: bytes) -> str:
    with pytest.raises(CertificationError) as refused:
        read_certification(data)
    return str(refused.value)


def test_every_field_is_read() -> None:
    found = read_certification(DOCUMENT.encode())

    assert found == DATA
    assert found.time.utcoffset() == timedelta(hours=1)
    assert (found.kind, found.requested) == (MessageKind.DELIVERY, Completeness.FULL)


@pytest.mark.parametrize(("value", "kind"), KIND_OF_TYPE.items())
def test_tipo_names_the_kind(value: str, kind: MessageKind) -> None:
    assert read_certification(changed(('tipo="avvenuta-consegna"', f'tipo="{value}"'))).kind is kind


def test_optional_elements_may_be_missing() -> None:
    found = read_certification(
        changed(
            ("    <risposte></risposte>\n", ""),
            ("    <oggetto>Perché &amp; così</oggetto>\n", ""),
            ("    <msgid>&lt;Nota.1@Studio.Example&gt;</msgid>\n", ""),
            ('    <ricevuta tipo="completa" />\n', ""),
            ("    <consegna>Anna@pec.uno.example</consegna>\n", ""),
            (' errore="nessuno"', ""),
        )
    )

    assert (found.reply_to, found.subject, found.message_id, found.receipt) == (None, None, None, None)
    assert (found.delivered_to, found.extended_error, found.taken_for, found.requested) == (None, None, (), None)
    assert found.error == "nessuno"


def test_a_missing_destinatari_tipo_means_certified() -> None:
    found = read_certification(changed((' tipo="certificato"', "")))

    assert found.recipients[0].type is RecipientType.CERTIFIED


def test_errors_and_the_recipients_taken_in_charge_are_read() -> None:
    more = "<ricezione>a@x.example</ricezione><ricezione> b@x.example </ricezione><ricezione/>"
    why = "<errore-esteso>5.1.1 - Gestore - indirizzo\n   non valido</errore-esteso>"
    found = read_certification(changed(('errore="nessuno"', 'errore=" No-Dest "'), ("</dati>", f"{more}{why}</dati>")))

    assert found.taken_for == ("a@x.example", "b@x.example")
    assert (found.error, found.extended_error) == ("no-dest", "5.1.1 - Gestore - indirizzo non valido")


def test_an_unknown_kind_of_receipt_is_told_as_declared() -> None:
    found = read_certification(changed(('tipo="completa"', 'tipo="Estesa"')))

    assert (found.receipt, found.requested) == ("estesa", None)


# deviations seen in the wild


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf" + DOCUMENT.encode(), id="byte order mark"),
        pytest.param(b"\r\n " + DOCUMENT.encode() + b"\0\0\r\n", id="rubbish around it"),
        pytest.param(DOCUMENT.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(changed(("</risposte>", "</risposte>a"), ("<dati>", "<dati>testo perso")), id="stray text"),
        pytest.param(changed(("Studio@pec", "\n  Studio@pec"), ("02/03/2026", " 02/03/2026\n")), id="blanks in values"),
        pytest.param(changed(("<ricevuta tipo=\"completa\" />", '<ricevuta tipo=" Completa "></ricevuta>')), id="pair"),
        pytest.param(changed(('zona="+0100"', 'zona=" +01:00 "')), id="zone with a colon"),
        pytest.param(changed(("&lt;Nota.1@Studio.Example&gt;", "<Nota.1@Studio.Example>")), id="msgid not escaped"),
        pytest.param(changed(("&lt;Nota.1@Studio.Example&gt;", "Nota.1@Studio.Example")), id="msgid without brackets"),
        pytest.param(changed(('<?xml version="1.0" encoding="UTF-8"?>', "")), id="no declaration"),
        pytest.param(changed(('encoding="UTF-8"', 'encoding="x-sconosciuto"')), id="an encoding nobody knows"),
        pytest.param(changed(('encoding="UTF-8"', 'encoding="US-ASCII"')), id="UTF-8 that calls itself ASCII"),
        pytest.param(changed(('encoding="UTF-8"', 'encoding="utf-16"')), id="UTF-8 that calls itself UTF-16"),
        pytest.param(DOCUMENT.encode("cp1252"), id="windows-1252 that calls itself UTF-8"),
        pytest.param(changed(('encoding="UTF-8"', 'encoding="ISO-8859-1"')).decode().encode("latin-1"), id="latin-1"),
        pytest.param(
            DOCUMENT.replace("&lt;Nota.1@Studio.Example&gt;", "<Nota.1@Studio.Example>").encode("cp1252"),
            id="windows-1252 and msgid not escaped",
        ),
        pytest.param(changed(("<oggetto>", "<nuovo>x</nuovo><oggetto>")), id="an element nobody knows"),
        pytest.param(changed(("<oggetto>", "<!-- nota --><oggetto>")), id="a comment"),
        pytest.param(changed(("Perché &amp; così", "<![CDATA[Perché & così]]>")), id="CDATA"),
    ],
)  # fmt: skip
def test_a_deviation_changes_nothing(data: bytes) -> None:
    assert read_certification(data) == DATA


# refused


@pytest.mark.parametrize(
    "document_type",
    [
        "<!DOCTYPE postacert>",
        '<!DOCTYPE postacert SYSTEM "http://x.example/daticert.dtd">',
        '<!DOCTYPE postacert [<!ENTITY a "b">]>',
        '<!DOCTYPE postacert [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE postacert [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_document_type_is_refused(document_type: str, encoding: str) -> None:
    document = DOCUMENT.replace("<postacert ", f"{document_type}<postacert ")

    assert refusal(document.encode(encoding)) == "holds a document type or an entity"


def test_an_undeclared_entity_is_refused() -> None:
    assert refusal(changed(("Perché", "&xxe;"))) == "not well-formed XML"


@pytest.mark.parametrize(
    "element",
    [
        "<mittente>a@x.example</mittente>",
        "<risposte>a@x.example</risposte>",
        "<oggetto>Altro</oggetto>",
        "<gestore-emittente>Altro</gestore-emittente>",
        '<data zona="+0100"><giorno>03/03/2026</giorno><ora>09:00:07</ora></data>',
        "<identificativo>altro@x.example</identificativo>",
        "<msgid>altro@x.example</msgid>",
        '<ricevuta tipo="breve"/>',
        "<consegna>a@x.example</consegna>",
        "<errore-esteso>a</errore-esteso>",
    ],
)
def test_an_element_that_stands_twice_is_refused(element: str) -> None:
    name = element[1:].partition(">")[0].partition(" ")[0].rstrip("/")
    twice = element + element if name == "errore-esteso" else element
    parent = "</intestazione>" if name in ("mittente", "risposte", "oggetto") else "</dati>"

    assert refusal(changed((parent, f"{twice}{parent}"))) == f"{name} stands more than once"


@pytest.mark.parametrize(
    ("day", "time", "read"),
    [
        ("2/3/2026", "9:0:7", "2026-03-02T09:00:07+01:00"),
        (" 31/12/1999\n", "\n23:59:59 ", "1999-12-31T23:59:59+01:00"),
        ("29/2/2024", "00:00:00", "2024-02-29T00:00:00+01:00"),
    ],
)
def test_a_day_and_a_time_may_be_written_with_fewer_digits(day: str, time: str, read: str) -> None:
    found = read_certification(changed(("02/03/2026", day), ("09:00:07", time)))
    assert found.time.isoformat() == read


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("002/03/2026", "09:00:07"), ("00/03/2026", "09:00:07"), ("02/13/2026", "09:00:07"),
        ("02/03/26", "09:00:07"), ("02/03/0000", "09:00:07"), ("02/03/2026 1", "09:00:07"),
        ("02/03/2026", "09:60:07"), ("02/03/2026", "09:00:61"), ("02/03/2026", "09:00:071"),
        ("02/03/2026", "09:00"), ("02/03/2026", "+9:00:07"),
    ],
)  # fmt: skip
def test_a_day_or_a_time_that_does_not_exist_is_refused(day: str, time: str) -> None:
    assert refusal(changed(("02/03/2026", day), ("09:00:07", time))) == "the date or the time cannot be read"


@pytest.mark.parametrize("element", ["<giorno>02/03/2026</giorno>", "<ora>09:00:07</ora>"])
def test_a_date_or_time_that_stands_twice_is_refused(element: str) -> None:
    assert "stands more than once" in refusal(changed((element, element + element)))


@pytest.mark.parametrize("name", ["intestazione", "dati"])
def test_a_section_that_stands_twice_is_refused(name: str) -> None:
    assert refusal(changed(("</postacert>", f"<{name}></{name}></postacert>"))) == f"{name} stands 2 times"


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([("<postacert ", "<altro "), ("</postacert>", "</altro>")], "the root element is not postacert"),
        ([("<postacert ", '<postacert xmlns="http://x.example" ')], "the root element is not postacert"),
        ([("intestazione>", "testata>")], "intestazione stands 0 times"),
        ([("dati>", "fatti>")], "dati stands 0 times"),
        ([('tipo="avvenuta-consegna"', 'tipo="mancata-consegna"')], "unknown tipo 'mancata-consegna'"),
        ([('tipo="avvenuta-consegna" ', "")], "unknown tipo ''"),
        ([('tipo="esterno"', 'tipo="ignoto"')], "unknown destinatari tipo 'ignoto'"),
        ([("carla@posta.example", " ")], "destinatari is empty"),
        ([("destinatari", "destinatario")], "no destinatari"),
        ([("Studio@pec.gestore.example", "")], "mittente is missing or empty"),
        ([("mittente>", "mandante>")], "mittente is missing or empty"),
        ([("Gestore Uno S.p.A.", " \n ")], "gestore-emittente is missing or empty"),
        ([("opec1.20260302090007@pec.gestore.example", "")], "identificativo is missing or empty"),
        ([("Studio@pec", "<b>Studio</b>@pec")], "mittente holds other elements"),
        ([("carla@posta.example", "<!---->carla@<i/>posta.example")], "destinatari holds other elements"),
        ([("<consegna>", "<consegna><consegna/>")], "consegna holds other elements"),
        ([("<data ", "<tempo "), ("</data>", "</tempo>")], "data stands 0 times"),
        ([("<giorno>02/03/2026</giorno>", "")], "giorno is missing or empty"),
        ([("<ora>09:00:07</ora>", "")], "ora is missing or empty"),
        ([("02/03/2026", "2026-03-02")], "the date or the time cannot be read"),
        ([("02/03/2026", "30/02/2026")], "the date or the time cannot be read"),
        ([("09:00:07", "24:00:00")], "the date or the time cannot be read"),
        ([("09:00:07", "09:00:60")], "the date or the time cannot be read"),
        ([("02/03/2026", "01/01/0001"), ("09:00:07", "00:30:00")], "the date or the time cannot be read"),
        ([('zona="+0100"', "")], "zona is missing or wrong"),
        ([('zona="+0100"', 'zona="CET"')], "zona is missing or wrong"),
        ([('zona="+0100"', 'zona="+01"')], "zona is missing or wrong"),
        ([('zona="+0100"', 'zona="+1500"')], "zona is out of range"),
        ([('zona="+0100"', 'zona="-1401"')], "zona is out of range"),
        ([('zona="+0100"', 'zona="+0060"')], "zona is out of range"),
        ([("</postacert>", "")], "not well-formed XML"),
        ([("</postacert>", "</postacert><postacert/>")], "not well-formed XML"),
    ],
)
def test_what_is_not_valid_is_refused_with_its_reason(pairs: list[tuple[str, str]], why: str) -> None:
    assert refusal(changed(*pairs)) == why


@pytest.mark.parametrize("data", [b"", b" ", b"\0", b"postacert", b"\xff\xfe<\x00", b"<", b"<?xml?>"])
def test_what_is_not_xml_is_refused(data: bytes) -> None:
    assert refusal(data) == "not well-formed XML"


@pytest.mark.parametrize(("zone", "hours"), [("+1400", 14), ("-1200", -12), ("-00:00", 0), ("+0530", 5.5)])
def test_zones_all_over_the_world_are_kept(zone: str, hours: float) -> None:
    found = read_certification(changed(('zona="+0100"', f'zona="{zone}"')))

    assert found.time.utcoffset() == timedelta(hours=hours)
    assert found.time.replace(tzinfo=None) == datetime(2026, 3, 2, 9, 0, 7)  # noqa: DTZ001 - the local time meant


def test_a_document_up_to_the_limit_is_read_and_a_larger_one_refused() -> None:
    room = MAX_BYTES - len(DOCUMENT.encode())

    assert read_certification(changed(("</postacert>", " " * room + "</postacert>"))) == DATA
    assert refusal(changed(("</postacert>", " " * (room + 1) + "</postacert>"))) == "larger than 1048576 bytes"


@pytest.mark.parametrize("flood", ["<a>", "<a></a>", "<msgid>", "<msgid><x></msgid>"])
def test_a_flood_of_elements_is_refused_before_it_is_parsed(flood: str) -> None:
    assert refusal((flood * (MAX_TAGS // flood.count("<") + 1)).encode()) == "more than 100000 tags"


@pytest.mark.parametrize(
    "hostile",
    [
        "<a>" * MAX_TAGS,
        "<a>" * (MAX_TAGS // 2) + "</a>" * (MAX_TAGS // 2),
        "<a " + "".join(f"a{number}='1' " for number in range(50_000)) + "/>",
        "<msgid> <" + " " * 1_000_000,
        "<?xml " + "x" * 1_000_000,
    ],
    ids=["never closed", "deep", "attributes", "msgid", "declaration"],
)
def test_a_hostile_document_is_refused(hostile: str) -> None:
    assert refusal(hostile.encode())


# what is written is read

XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="\u2028\u2029")).map(
    lambda text: " ".join(text.split())
)
FILLED = XML_TEXT.filter(bool)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=ZONES).map(  # noqa: DTZ001 - zones follow
    lambda moment: moment.replace(microsecond=0)
)
CERTIFICATIONS = st.builds(
    written.Certification,
    type=st.sampled_from(list(KIND_OF_TYPE)),
    error=st.sampled_from(["nessuno", "no-dest", "no-dominio", "virus", "altro"]),
    sender=FILLED,
    recipients=st.lists(st.builds(Recipient, FILLED, certified=st.booleans()), min_size=1, max_size=5).map(tuple),
    issuer=FILLED,
    time=TIMES,
    identifier=FILLED,
    message_id=st.none() | FILLED.map(lambda text: text.strip("<>@") or None),
    subject=st.none() | FILLED,
    reply_to=XML_TEXT,
    receipt=st.none() | st.sampled_from(Asked),
    delivered_to=st.none() | FILLED,
    taken_for=st.lists(FILLED, max_size=3).map(tuple),
    extended_error=st.none() | FILLED,
)


def in_brackets(said: written.Certification) -> bytes:
    """As providers write it: the msgid in escaped angle brackets."""
    document = written.daticert(said)
    if said.message_id is None:
        return document
    plain = f"<msgid>{escape(said.message_id)}</msgid>".encode()
    return document.replace(plain, f"<msgid>&lt;{escape(said.message_id)}&gt;</msgid>".encode())


@settings(deadline=None)
@given(CERTIFICATIONS, st.sampled_from([written.daticert, in_brackets]), st.sampled_from(["\n", "\r\n"]))
def test_what_a_provider_writes_is_read_back(
    said: written.Certification, write: Callable[[written.Certification], bytes], line_end: str
) -> None:
    found = read_certification(write(said).replace(b"\n", line_end.encode()))

    local, at, domain = (said.message_id or "").rpartition("@")
    types = {True: RecipientType.CERTIFIED, False: RecipientType.EXTERNAL}
    assert found == CertificationData(
        type=said.type,
        error=said.error,
        extended_error=said.extended_error,
        sender=said.sender,
        recipients=tuple(CertifiedRecipient(each.address, types[each.certified]) for each in said.recipients),
        reply_to=said.reply_to or None,
        subject=said.subject,
        issuer=said.issuer,
        time=said.time,
        identifier=said.identifier,
        message_id=(local + at + domain.lower() if at else domain) or None,
        receipt=str(said.receipt) if said.receipt else None,
        delivered_to=said.delivered_to,
        taken_for=said.taken_for,
    )
    assert found.time.utcoffset() == said.time.utcoffset()


@settings(deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda noise: DOCUMENT.encode().replace(b"Perch", noise)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = read_certification(data)
    except CertificationError:
        return
    assert found.identifier
