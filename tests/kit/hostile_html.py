"""HTML that tries to load something: every way known to us of naming a place, in every place where a name can stand.

`documents(base, folder)` fills them in: `base` is the address of a server of ours, `folder` holds the canaries, which
are pictures and a style sheet in loud magenta, with `CANARY` in every name.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

CANARY = "canary"
PICTURE = f"{CANARY}.png"
SHEET = f"{CANARY}.css"
MAGENTA = (255, 0, 255)


def png(width: int, height: int, colour: tuple[int, int, int] = MAGENTA) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def lay_out_canaries(folder: Path) -> None:
    """Put the canaries there, and those that a sharp screen would look for."""
    for name in (PICTURE, f"{CANARY}@2x.png", f"{CANARY}.png@2x", f"cid:{CANARY}.png"):
        (folder / name).write_bytes(png(60, 60))
    (folder / SHEET).write_text("* { color: #ff00ff; background-color: #ff00ff; }\n")


def ways_to_name(base: str, folder: Path, name: str) -> Iterator[str]:
    """Ways to name a file of that name, on our server or on the disk."""
    path = (folder / name).as_posix()
    host = base.removeprefix("http://")
    percent = "".join(f"%{ord(char):02x}" for char in path)
    entities = "".join(f"&#{ord(char)};" for char in path)
    yield from (
        f"{base}/{name}",
        f"HTTP://{host}/{name}",
        f"hTtP:{host}/{name}",
        f"http:\\\\{host}\\{name}",
        f"//{host}/{name}",
        f"\\\\{host}\\{name}",
        f"/\\{host}/{name}",
        f" {base}/{name}",
        f"ht\ttp://{host}/{name}",
        f"ht&#10;tp://{host}/{name}",
        f"&#104;ttp://{host}/{name}",
        f"&#x68;&#x74;&#x74;&#x70;&colon;&sol;&sol;{host}/{name}",
        f"http://user@{host}/{name}",
        f"http&colon;//{host}/{name}",
        f"https://{host}/{name}",
        f"ftp://{host}/{name}",
        f"feed:{base}/{name}",
        f"view-source:{base}/{name}",
        f"javascript:location='{base}/{name}'",
        path,
        f"file://{path}",
        f"file:{path}",
        f"FILE://{path}",
        f"file://localhost{path}",
        f"file://127.0.0.1{path}",
        f"fi&#108;e://{path}",
        f"file&colon;//{path}",
        f"file:\\\\\\{path}",
        f"file://{percent}",
        percent,
        entities,
        f"/{path}",
        f"//127.0.0.1/{CANARY}/{name}",
        f"\\\\127.0.0.1\\{CANARY}\\{name}",
        name,
        f"./{name}",
        f"../{folder.name}/{name}",
        f"x/../{name}",
        f"qrc:{path}",
        f"qrc:/../..{path}",
        f":{path}",
        f":/../..{path}",
        f"cid:{path}",
        f"cid:{name}",
        f"CID:{name}",
        f"cid:../{folder.name}/{name}",
        f"cid:file://{path}",
        f"image:{path}",
        f"assets:{path}",
        f"theme:{path}",
        f"res:{path}",
        f"res://{path}",
        f"zip:{path}",
        f"smb:{path}",
        f"smb://127.0.0.1/{CANARY}/{name}",
        f"jar:file:{path}!/x",
        f"mhtml:file://{path}",
        f"blob:file://{path}",
        f"filesystem:file://{path}",
        f"about:{path}",
        f"local:{path}",
        f"{path}#x",
        f"{path}?x",
        f"file://{path}#svgView",
        f"{path}\x00.png",
    )


PLACES_FOR_PICTURES = (
    '<img src="{}">',
    "<img src='{}' width=50 height=50>",
    "<img src={}>",
    '<IMG SRC = "{}">',
    '<img/src="{}"/>',
    '<image src="{}">',
    '<img src=x src="{}">',
    '<img srcset="{} 2x, {} 1x">',
    '<img lowsrc="{}" dynsrc="{}" longdesc="{}">',
    '<img style="content:url({})">',
    '<picture><source srcset="{}"><img></picture>',
    '<input type=image src="{}">',
    '<body background="{}">x',
    '<table background="{}"><tr background="{}"><td background="{}">x</table>',
    '<font background="{}" face="{}">x</font>',
    '<p style="background-image: url({})">x',
    "<p style='background: url(\"{}\") repeat'>x",
    "<p style=\"list-style-image: url('{}')\">x",
    '<ul style="list-style: square url({})"><li>x</ul>',
    '<div style="border-image: url({}) 30">x</div>',
    '<div style="image: url({}); cursor: url({}), auto; mask: url({})">x</div>',
    '<div style="background-image: \\75\\72\\6c({})">x</div>',
    '<div style="background:u/**/rl({})">x</div>',
    "<style>body, p, td { background-image: url({}) }</style><p>x",
    "<style>li { list-style-image: url('{}') }</style><ul><li>x</ul>",
    "<style>p:before { content: url({}) }</style><p>x",
    '<svg><image href="{}" xlink:href="{}" width=50 height=50 /></svg>',
    '<svg><use href="{}"></use><feImage href="{}"></feImage></svg>',
    '<math><mglyph src="{}"></mglyph></math>',
    '<object data="{}" type=image/png>x</object>',
    '<embed src="{}">',
    '<applet code="{}" codebase="{}" archive="{}"></applet>',
    '<iframe src="{}" srcdoc="<img src={}>"></iframe>',
    '<frameset><frame src="{}"></frameset>',
    '<video src="{}" poster="{}" autoplay></video>',
    '<audio src="{}" autoplay></audio>',
    '<video><source src="{}"><track src="{}"></video>',
    '<link rel="icon" href="{}"><link rel="prefetch" href="{}"><link rel="dns-prefetch" href="{}">',
    '<html><head><link rel="shortcut icon" href="{}"></head><body>x',
    '<base href="{}/"><img src="x.png">',
    '<base href="{}"><img src="canary.png">',
    '<meta http-equiv="refresh" content="0; url={}">x',
    '<html><head><meta http-equiv="refresh" content="0;URL=\'{}\'"></head><body>x',
    '<html background="{}" manifest="{}" profile="{}">x',
    '<hr background="{}" style="background-image:url({})">',
    '<a href="{}" ping="{}" title="<img src={}>">x</a>',
    "<p title=\"<img src='{}'>\">x",
    '<!--[if true]><img src="{}"><![endif]-->x',
    '<!--><img src="{}">',
    '<![CDATA[<img src="{}">]]>x',
    '<noscript><img src="{}"></noscript>',
    '<template><img src="{}"></template>',
    '<textarea></textarea><img src="{}">',
    '<title></title><img src="{}"></title>',
    "<style></style><img src='{}'></style>",
    '<script>new Image().src = "{}"</script>x',
    '<img src="x" onerror="this.src=\'{}\'">',
    '<marquee background="{}" behavior=scroll onstart="location=\'{}\'">x</marquee>',
    "![x]({})",
    '<p align="{}" style="color: url({})">x',
    '<table border="{}" style="border: url({})"><tr><td style="background: url({}) no-repeat">x</table>',
    '<xml><x:img src="{}"/></xml>',
    '<v:fill src="{}"/><v:imagedata src="{}"/>',
    '<img alt="<img src={}>" src="data:text/html,<img src={}>">',
    '<img src="data:image/svg+xml,%3Csvg%3E%3Cimage href=%22{}%22/%3E%3C/svg%3E">',
)

PLACES_FOR_SHEETS = (
    '<link rel="stylesheet" href="{}"><p>x',
    '<html><head><link rel="stylesheet" type="text/css" href="{}"></head><body><p>x',
    "<html><head><link rel=stylesheet href={}></head><body><p>x",
    "<style>@import url({});</style><p>x",
    '<style>@import "{}";</style><p>x',
    "<html><head><style>@import '{}' screen;</style></head><body><p>x",
    "<style>@font-face { font-family: c; src: url({}) } p { font-family: c }</style><p>x",
    '<?xml-stylesheet href="{}" type="text/css"?><p>x',
    '<p style="@import url({})">x',
)


def documents(base: str, folder: Path) -> list[str]:
    """All of them, filled in."""
    return [
        place.replace("{}", way)
        for places, name in ((PLACES_FOR_PICTURES, PICTURE), (PLACES_FOR_SHEETS, SHEET))
        for place in places
        for way in ways_to_name(base, folder, name)
    ]


def mail(html: str, *pictures: tuple[str, str, bytes]) -> bytes:
    """A mail with that HTML and, beside it, pictures, each with a Content-ID, a file name and its content."""
    parts = [b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + html.encode()]
    for content_id, name, content in pictures:
        head = (
            f'Content-Type: image/png; name="{name}"\r\nContent-Disposition: inline; filename="{name}"\r\n'
            f"Content-ID: <{content_id}>\r\nContent-Location: {name}\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        )
        parts.append(head.encode() + content)
    body = b"".join(b"\r\n--=_b\r\n" + part for part in parts)
    return b'Subject: x\r\nContent-Type: multipart/related; boundary="=_b"\r\n' + body + b"\r\n--=_b--\r\n"
