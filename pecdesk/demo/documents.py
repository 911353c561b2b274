"""Files for the mails of the demo, small and valid, built in code: PDF, invoices and what is answered to them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from xml.sax.saxutils import escape

from pecdesk.demo.draft import Attachment

INVOICE_NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"
NOTICE_NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fattura/messaggi/v1.0"

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
SHA256 = bytes.fromhex("300d06096086480165030402010500")


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """A PDF of one page of text (ISO 32000-1), DEMO in its heading."""
    shown = [f"DEMO - {title}", "", *lines]
    text = b" T* ".join(b"(" + _pdf_text(line) + b") Tj" for line in shown)
    drawing = b"BT /F1 11 Tf 15 TL 60 780 Td " + text + b" ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
        b"<< /Title (%b) /Producer (pecdesk DEMO) >>" % _pdf_text(title),
    ]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def _pdf_text(text: str) -> bytes:
    """A literal string in WinAnsiEncoding."""
    data = text.encode("windows-1252", "replace")
    return data.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def signed_look_alike(content: bytes) -> bytes:
    """What a `.p7m` looks like from outside: a CMS SignedData around the file, with nobody's signature in it."""
    wrapped = _der(0x30, DATA + _der(0xA0, _der(0x04, content)))
    signed = _der(0x30, _der(0x02, b"\x01") + _der(0x31, SHA256) + wrapped + _der(0x31, b""))
    return _der(0x30, SIGNED_DATA + _der(0xA0, signed))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def pdf_file(name: str, title: str, lines: Sequence[str]) -> Attachment:
    """A PDF as an attachment."""
    return Attachment(name, pdf(title, lines), "application/pdf")


def signed_pdf_file(name: str, title: str, lines: Sequence[str]) -> Attachment:
    """A PDF inside a `.p7m`."""
    return Attachment(f"{name}.p7m", signed_look_alike(pdf(title, lines)), "application/pkcs7-mime")


def invoice(name: str, number: str, supplier: str, customer: str, what: str, amount: str) -> Attachment:
    """An electronic invoice in a `.p7m`; the invented VAT numbers begin with 99999."""
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<p:FatturaElettronica xmlns:p="{INVOICE_NAMESPACE}" versione="FPR12">\n'
        "  <FatturaElettronicaHeader>\n"
        f"    <CedentePrestatore><Denominazione>{escape(supplier)} (DEMO)</Denominazione></CedentePrestatore>\n"
        f"    <CessionarioCommittente><Denominazione>{escape(customer)}</Denominazione></CessionarioCommittente>\n"
        "  </FatturaElettronicaHeader>\n"
        "  <FatturaElettronicaBody>\n"
        f"    <DatiGenerali><Numero>{escape(number)}</Numero><ImportoTotaleDocumento>{amount}"
        "</ImportoTotaleDocumento></DatiGenerali>\n"
        f"    <DatiBeniServizi><Descrizione>{escape(what)}</Descrizione></DatiBeniServizi>\n"
        "  </FatturaElettronicaBody>\n"
        "</p:FatturaElettronica>\n"
    )
    return Attachment(name, signed_look_alike(document.encode()), "application/pkcs7-mime")


def invoice_notice(root: str, name: str, invoice_file: Attachment, number: int, pec_id: str, note: str) -> Attachment:
    """What the exchange system answers about an invoice (protocol reference §6.6)."""
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<m:{root} xmlns:m="{NOTICE_NAMESPACE}" versione="1.0">\n'
        f"  <IdentificativoSdI>{number}</IdentificativoSdI>\n"
        f"  <NomeFile>{escape(invoice_file.name)}</NomeFile>\n"
        f"  <Hash>{sha256(invoice_file.content).hexdigest()}</Hash>\n"
        f"  <PecMessageId>{escape(pec_id)}</PecMessageId>\n"
        f"  <Note>{escape(note)} (DEMO)</Note>\n"
        f"</m:{root}>\n"
    )
    return Attachment(name, document.encode(), "application/xml")


def protocol_mark(office: str, number: int, subject: str) -> Attachment:
    """Segnatura.xml of a public office."""
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Segnatura><Intestazione><Identificatore><CodiceAmministrazione>DEMO</CodiceAmministrazione>"
        f"<Denominazione>{escape(office)}</Denominazione><NumeroRegistrazione>{number:07}</NumeroRegistrazione>"
        f"</Identificatore><Oggetto>{escape(subject)}</Oggetto></Intestazione></Segnatura>\n"
    )
    return Attachment("Segnatura.xml", document.encode(), "application/xml")


def big_file(name: str, size: int, seed: int) -> Attachment:
    """A file that does not compress: `size` bytes of a digest chain."""
    blocks = (sha256(b"DEMO %d %d" % (seed, block)).digest() for block in range(-(-size // 32)))
    return Attachment(name, b"".join(blocks)[:size], "application/zip")
