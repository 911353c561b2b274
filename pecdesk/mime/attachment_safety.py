"""Which attachments may be opened by other programs, judged by name and by content.

A closed list says what may be opened; for all else there is a reason why it is only saved. A kind counts only if the
first bytes agree with the name: what a system starts by its name must be what the user was told it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pecdesk.mime.file_names import extension_of, safe_file_name
from pecdesk.mime.zip_contents import names_in_zip


class Danger(StrEnum):
    """Why an attachment is only saved, never opened."""

    PROGRAM = "program"
    SCRIPT = "script"
    SHORTCUT = "shortcut"
    INSTALLER = "installer"
    DISK_IMAGE = "disk-image"
    WEB_PAGE = "web-page"
    MACROS = "macros"
    DISGUISED = "disguised"
    """The end of its name is that of a program, and before it stands that of a document."""
    ARCHIVE = "archive"
    """It cannot be looked into."""
    ARCHIVE_WITH_PROGRAM = "archive-with-program"
    MISMATCH = "mismatch"
    """The content is not what the name says."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What may be done with one attachment, beside saving it."""

    name: str
    """The safe name."""
    danger: Danger | None
    """Why it is not opened; None when it may be."""
    open_name: str
    """Under which name it is handed to the system: text of all sorts as `.txt`, so that a text editor shows it."""

    @property
    def may_open(self) -> bool:
        """Whether the system may show it."""
        return self.danger is None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DANGEROUS = {
    Danger.PROGRAM: _words(
        "exe com scr pif cpl dll sys ocx drv jar class app appimage elf run bin out so dylib xll xla xlam ppam wll"
        " gadget"
    ),
    Danger.SCRIPT: _words(
        "bat cmd btm js jse mjs vb vbs vbe vbscript wsf wsh wsc ws ps1 ps1xml ps2 psm1 psd1 psc1 sh bash zsh csh ksh"
        " fish command py pyc pyw pyz pl pm rb php lua tcl ahk au3 hta sct inf reg applescript scpt workflow action"
        " nsh msc chm hlp application jnlp iqy slk settingcontent-ms library-ms search-ms"
    ),
    Danger.SHORTCUT: _words("lnk url desktop webloc inetloc fileloc website scf pol theme themepack rdp ica udl"),
    Danger.INSTALLER: _words(
        "msi msp msix msixbundle mst appx appxbundle appinstaller deb rpm pkg mpkg apk ipa xpi crx flatpak flatpakref"
        " snap vsix cab"
    ),
    Danger.DISK_IMAGE: _words("iso img dmg vhd vhdx vmdk udf toast nrg cue"),
    Danger.WEB_PAGE: _words("htm html xhtml xht shtml mht mhtml svg svgz xsl xslt swf"),
    Danger.MACROS: _words("docm dotm xlsm xltm xlsb pptm potm ppsm sldm accdb accde mdb mde dot xlt pot one"),
    Danger.ARCHIVE: _words("7z rar tar gz tgz bz2 tbz xz txz zst z lz lzh arj ace"),
}
_DANGER_OF = {extension: danger for danger, extensions in _DANGEROUS.items() for extension in extensions}
_STARTED = frozenset(
    {Danger.PROGRAM, Danger.SCRIPT, Danger.SHORTCUT, Danger.INSTALLER, Danger.DISK_IMAGE, Danger.WEB_PAGE}
)

_TEXTS = _words("txt text log md csv tsv json xml xsd yaml yml ini eml ics vcf asc sha256 md5")
"""Shown as text, whatever they are: an XML or a table of commas can make a browser or an office program do things."""
_SIGNED = _words("p7m p7s p7c m7m tsd tsr tst")
"""A signature around a file, opened by the program that verifies it."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "VBA".encode("utf-16-le"))
_ZIP_MACROS = re.compile(r"(?i)(?:^|/)(?:vbaproject[^/]*\.bin|macrosheets/.*|basic/.*|scripts/.*|activex/.*)$")

_STARTS = {
    Danger.PROGRAM: (
        b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe", b"dex\n",
    ),
    Danger.SCRIPT: (b"#!", b"\xef\xbb\xbf#!"),
    Danger.SHORTCUT: (b"L\x00\x00\x00\x01\x14\x02\x00", b"[InternetShortcut]", b"[Desktop Entry]"),
    Danger.INSTALLER: (b"MSCF", b"!<arch>\ndebian", b"\xed\xab\xee\xdb"),
}  # fmt: skip
"""First bytes by which a system, or a user who is told to rename it, would start a file."""

Kind = Callable[[bytes], bool]


def _begins(*starts: bytes) -> Kind:
    return lambda content: content.startswith(starts)


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]


def _is_webp(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


def _is_wave(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WAVE"


def _is_media(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


_TIFF = _begins(b"II*\x00", b"MM\x00*")
_OFFICE = _begins(*_ZIP)
_OLD_OFFICE = _begins(_OLE)
_SIGNATURE = _begins(b"0", b"-----BEGIN ", b"MI")

_KINDS: dict[str, Kind] = {
    "pdf": _is_pdf,
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _begins(b"\xff\xd8\xff"),
    "jpeg": _begins(b"\xff\xd8\xff"),
    "gif": _begins(b"GIF87a", b"GIF89a"),
    "bmp": _begins(b"BM"),
    "tif": _TIFF,
    "tiff": _TIFF,
    "webp": _is_webp,
    "heic": _is_media,
    "mp4": _is_media,
    "m4a": _is_media,
    "mov": _is_media,
    "mp3": _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "wav": _is_wave,
    "dwg": _begins(b"AC10"),
    "rtf": _begins(b"{\\rtf"),
    "zip": _begins(*_ZIP),
    **dict.fromkeys(("docx", "dotx", "xlsx", "xltx", "pptx", "ppsx", "odt", "ods", "odp", "odg"), _OFFICE),
    **dict.fromkeys(("doc", "xls", "ppt", "pps"), _OLD_OFFICE),
    **dict.fromkeys(_SIGNED, _SIGNATURE),
}


def judged(name: str, content: bytes) -> Judgement:
    """What may be done with an attachment of that name, as the sender wrote it, and content."""
    safe = safe_file_name(name)
    extension = extension_of(safe)
    danger = danger_of_name(safe) or _danger_of_content(extension, content)
    return Judgement(safe, danger, f"{safe}.txt" if extension in _TEXTS - {"txt"} else safe)


def danger_of_name(name: str) -> Danger | None:
    """What the name alone says, before the content is at hand; None where it may be opened if the content agrees."""
    safe = safe_file_name(name)
    extension = extension_of(safe)
    danger = _DANGER_OF.get(extension)
    if danger is not None:
        inner = extension_of(_before(safe, extension))
        return Danger.DISGUISED if danger in _STARTED and inner in _KINDS.keys() | _TEXTS else danger
    if extension in _SIGNED:
        inside = _before(safe, extension)
        return danger_of_name(inside) if _is_dangerous(inside) else None
    return None if extension in _KINDS or extension in _TEXTS else Danger.UNKNOWN


def _before(name: str, extension: str) -> str:
    return name[: -len(extension) - 1].rstrip(". ")


def _is_dangerous(name: str) -> bool:
    """Whether a signed file is dangerous by its name, also within one more signature. Archives are not by themselves:
    the program that verifies the signature starts nothing in them."""
    extension = extension_of(name)
    if extension in _SIGNED:
        return danger_of_name(name) is not None
    return _DANGER_OF.get(extension, Danger.ARCHIVE) is not Danger.ARCHIVE


def _danger_of_content(extension: str, content: bytes) -> Danger | None:
    for danger, starts in _STARTS.items():
        if content.startswith(starts):
            return danger
    if extension in _TEXTS:
        return None
    if not _KINDS[extension](content):
        return Danger.MISMATCH
    if content.startswith(_ZIP):
        return _danger_of_zip(content, is_archive=extension == "zip")
    if content.startswith(_OLE):
        return Danger.MACROS if any(mark in content for mark in _OLE_MACROS) else None
    if extension == "rtf":
        return Danger.MACROS if b"\\objdata" in content or b"\\objupdate" in content else None
    return None


def _danger_of_zip(content: bytes, *, is_archive: bool) -> Danger | None:
    names = names_in_zip(content)
    if names is None:
        return Danger.ARCHIVE
    if not is_archive:
        return Danger.MACROS if any(map(_ZIP_MACROS.search, names)) else None
    dangers = {_DANGER_OF.get(extension_of(safe_file_name(name))) for name in names}
    return Danger.ARCHIVE_WITH_PROGRAM if dangers - {None, Danger.WEB_PAGE, Danger.ARCHIVE} else None
