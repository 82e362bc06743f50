# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the corpora: texts.yml, ordinary/*.yml and attacks/*.yml, each a list of entries, become requests as they stand on the wire.

An entry with texts becomes one request for each of them, put where {text} stands; one that begins with both- becomes one for each product. What
a client of its kind sends anyway (browser, rest, curl, java) is added here; host and context path come when the request is fired. In values of
headers, {site} then stands for the address of the site, and {origin} for the same without the context path.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import yaml

HERE = Path(__file__).parent
KINDS = {"ordinary": "ordinary", "attacks": "attack"}  # folder: kind
CLIENTS = ("browser", "rest", "curl", "java")
BODIES = ("json", "form", "multipart", "body")
KEYS = {"id", "method", "path", "headers", "client", *BODIES, "type", "texts", "each", "why"}
# prefix of an id, after attack- where it is one: products it is sent to
PRODUCTS = {"jira": ("jira",), "confluence": ("confluence",), "both": ("jira", "confluence")}
MARK = "{text}"
# Request lines end at 8190 bytes (httpd) and requests at about 8 KB of headers (Tomcat). A text that does not fit is not put into a path.
LONGEST_PATH = 6000

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
# The shapes of real ones, plainly without worth.
COOKIES = {"JSESSIONID": "00112233445566778899AABBCCDDEEFF", "atlassian.xsrf.token": "ABCD-EFGH-IJKL-MNOP_0123456789abcdef0123456789abcdef01234567_lin"}
BEARER = base64.b64encode(b"000000000000:an example, no token").decode()
OAUTH = (
    'OAuth oauth_consumer_key="example", oauth_nonce="1234567890123456", oauth_signature="ZXhhbXBsZSwgbm90IGEgc2lnbmF0dXJl%3D", '
    'oauth_signature_method="RSA-SHA1", oauth_timestamp="1767225600", oauth_token="example", oauth_version="1.0"'
)
BOUNDARIES = {
    "browser": "----WebKitFormBoundary0123456789abcdef",
    "rest": "0123456789abcdef0123456789abcdef",
    "curl": "------------------------0123456789abcdef",
    "java": "0123456789_abcdefghijklmnopqrstuvwxyz",
}


class Request(NamedTuple):
    """One request. entry: the id of its entry; file: of the corpus, below its folder; path: below the context path; headers: without Host."""

    id: str
    entry: str
    kind: str
    product: str
    category: str
    why: str
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    file: str


class Body(NamedTuple):
    content: bytes = b""
    type: str | None = None


def load(folder: Path = HERE) -> list[Request]:
    """All requests of a corpus. ValueError, with file and entry, where one is not as it must be."""
    texts = read_texts(folder / "texts.yml")
    requests: list[Request] = []
    seen: dict[str, str] = {}
    for directory, kind in KINDS.items():
        for path in sorted((folder / directory).glob("*.yml")):
            file = f"{directory}/{path.name}"
            for entry in read_entries(path, file):
                name = entry.get("id", "an entry without id")
                try:
                    check(entry, kind)
                    if name in seen:
                        raise ValueError(f"the id is also in {seen[name]}")
                    requests += expand(entry, kind, file, texts)
                # TypeError: a value of another type than the key wants, or one that JSON cannot hold.
                except (TypeError, ValueError) as error:
                    raise ValueError(f"{file}: {name}: {error}") from error
                seen[name] = file
    return requests


def parsed(path: Path, file: str) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{file}: {error}") from error


def read_texts(path: Path) -> dict[str, str]:
    texts = parsed(path, path.name)
    if not isinstance(texts, dict) or not all(isinstance(part, str) for pair in texts.items() for part in pair):
        raise ValueError(f"{path.name}: not a mapping of names to texts")
    return texts


def read_entries(path: Path, file: str) -> list[dict[str, Any]]:
    entries = parsed(path, file) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"{file}: not a list of entries")
    return entries


def check(entry: dict[str, Any], kind: str) -> None:
    """What holds for an entry whatever its texts are."""
    unknown = set(entry) - KEYS - ({"category"} if kind == "attack" else set())
    if unknown:
        raise ValueError(f"unknown keys: {', '.join(sorted(map(str, unknown)))}")
    for key in ("id", "path"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise ValueError(f"no {key}")
    if not re.fullmatch(r"[a-z0-9._-]+", entry["id"]):
        raise ValueError("an id has lower case letters, digits, dots, _ and - only")
    products_of(entry["id"], kind)
    if entry.get("client", "browser") not in CLIENTS:
        raise ValueError(f"unknown client {entry['client']}")
    if not isinstance(entry.get("headers", {}), dict):
        raise ValueError("headers is not a mapping")
    if len([key for key in BODIES if key in entry]) > 1:
        raise ValueError("more than one body")
    if "type" in entry and not any(key in entry for key in BODIES):
        raise ValueError("a type without a body")
    if "texts" in entry and "each" in entry:
        raise ValueError("both texts and each")
    marked = MARK in json.dumps([entry.get(key) for key in ("path", "headers", *BODIES)], default=str, ensure_ascii=False)
    if marked != ("texts" in entry or "each" in entry):
        raise ValueError("{text} without texts" if marked else "texts without {text}")


def products_of(name: str, kind: str) -> tuple[str, ...]:
    prefix = "attack-" if kind == "attack" else ""
    product = name.removeprefix(prefix).partition("-")[0]
    if not name.startswith(prefix) or product not in PRODUCTS:
        raise ValueError(f"an id here begins with {', '.join(prefix + product + '-' for product in PRODUCTS)}")
    return PRODUCTS[product]


def expand(entry: dict[str, Any], kind: str, file: str, texts: dict[str, str]) -> list[Request]:
    products = products_of(entry["id"], kind)
    requests = []
    for product in products:
        for name, text in chosen(entry, texts):
            filled = fill(entry, text)
            if entry.get("texts") == "all" and len(filled["path"]) > LONGEST_PATH:
                continue
            requests.append(
                Request(
                    id=entry["id"] + (f"@{product}" if len(products) > 1 else "") + (f"#{name}" if name else ""),
                    entry=entry["id"],
                    kind=kind,
                    product=product,
                    category=str(entry.get("category", Path(file).stem)),
                    why=str(entry.get("why", "")),
                    method=filled["method"],
                    path=filled["path"],
                    headers=filled["headers"],
                    body=filled["body"],
                    file=file,
                )
            )
    return requests


def chosen(entry: dict[str, Any], texts: dict[str, str]) -> list[tuple[str, str]]:
    """The texts of an entry with their names; one nameless empty text where it has none."""
    wanted, each = entry.get("texts"), entry.get("each")
    if isinstance(wanted, dict) and set(wanted) == {"each"}:
        return chosen({"each": wanted["each"]}, texts)
    if wanted == "all":
        return list(texts.items())
    if wanted is not None:
        if not isinstance(wanted, list):
            raise ValueError("texts is neither `all` nor a list of names")
        unknown = [str(name) for name in wanted if name not in texts]
        if unknown:
            raise ValueError(f"texts.yml has no {', '.join(unknown)}")
        return [(name, texts[name]) for name in wanted]
    if each is not None:
        if not isinstance(each, list) or not all(isinstance(text, (str, int)) and not isinstance(text, bool) for text in each):
            raise ValueError("each is not a list of strings")
        return [(str(number), str(text)) for number, text in enumerate(each, 1)]
    return [("", "")]


def fill(entry: dict[str, Any], text: str) -> dict[str, Any]:
    """{method, path, headers, body} of one request as they stand on the wire."""
    client = entry.get("client", "browser")
    # JavaScript's encodeURIComponent leaves these as they are.
    path = entry["path"].replace(MARK, quote(text, safe="!*'()" if client == "browser" else ""))
    path.encode("latin-1")
    if re.search(r"[\r\n\0]", path):
        raise ValueError("a line break in the path would end the request line")
    own = {str(name): replaced(value, text) for name, value in replaced(entry.get("headers") or {}, text).items()}
    method = str(entry.get("method", "GET"))
    body = encode_body(entry, text, client, "x-requested-with" in map(str.lower, own))
    headers = merged(usual(client, method, path, own, body), own)
    return {"method": method, "path": path, "headers": headers, "body": body.content}


def replaced(value: Any, text: str) -> Any:
    """The same value with the text in each of its strings. str.replace: texts have braces and percent signs of their own."""
    if isinstance(value, str):
        return value.replace(MARK, text)
    if isinstance(value, list):
        return [replaced(item, text) for item in value]
    if isinstance(value, dict):
        return {replaced(key, text): replaced(item, text) for key, item in value.items()}
    return value


def encode_body(entry: dict[str, Any], text: str, client: str, xhr: bool) -> Body:
    encoders: dict[str, Callable[[Any, str], Body]] = {"json": encode_json, "form": encode_form, "multipart": encode_multipart, "body": encode_raw}
    for key in BODIES:
        if key in entry:
            body = encoders[key](replaced(entry[key], text), client)
            if key == "form" and client == "browser" and xhr:  # jQuery names the charset, a form does not
                body = body._replace(type=f"{body.type}; charset=UTF-8")
            return body._replace(type=str(entry["type"])) if entry.get("type") else body
    return Body()


def encode_json(value: Any, client: str) -> Body:
    """As JSON.stringify does, or Python's requests. default: YAML makes dates of what are strings in JSON."""
    if client == "rest":
        return Body(json.dumps(value, default=str).encode(), "application/json")
    return Body(json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":")).encode(), "application/json")


def encode_form(fields: Any, client: str) -> Body:
    if not isinstance(fields, dict):
        raise ValueError("form is not a mapping")
    pairs = [(str(name), scalar(value)) for name, values in fields.items() for value in (values if isinstance(values, list) else [values])]
    if client != "browser":
        return Body(urlencode(pairs).encode(), "application/x-www-form-urlencoded")
    # Browsers send CR LF for a line break, leave * and encode ~.
    encoded = urlencode([(name, crlf(value)) for name, value in pairs], safe="*").replace("~", "%7E")
    return Body(encoded.encode(), "application/x-www-form-urlencoded")


def encode_multipart(parts: Any, client: str) -> Body:
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise ValueError("multipart is not a list of mappings")
    boundary = BOUNDARIES[client]
    content = b"".join(f"--{boundary}\r\n".encode() + encode_part(part, client) + b"\r\n" for part in parts)
    return Body(content + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}")


def encode_part(part: dict[str, Any], client: str) -> bytes:
    unknown = set(part) - {"name", "filename", "type", "content"}
    if unknown or "name" not in part:
        raise ValueError(f"a part of multipart has unknown keys: {', '.join(sorted(map(str, unknown)))}" if unknown else "a part of multipart has no name")
    head = f'Content-Disposition: form-data; name="{escaped(part["name"])}"'
    if "filename" in part:
        head += f'; filename="{escaped(part["filename"])}"'
    if part.get("type") or "filename" in part:
        head += f"\r\nContent-Type: {part.get('type') or 'application/octet-stream'}"
    content = part.get("content", "")
    if not isinstance(content, bytes):
        content = scalar(content)
        content = (crlf(content) if client == "browser" and "filename" not in part else content).encode()
    return f"{head}\r\n\r\n".encode() + content


def encode_raw(value: Any, _client: str) -> Body:
    if not isinstance(value, (str, bytes)):
        raise ValueError("body is not a string")
    return Body(value if isinstance(value, bytes) else value.encode())


def escaped(name: Any) -> str:
    """A name inside multipart, as the HTML standard wants it."""
    return str(name).replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def crlf(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def scalar(value: Any) -> str:
    """The value of a field as people mean it in YAML."""
    if isinstance(value, (dict, list)):
        raise ValueError("a field has a mapping or a list inside")
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def usual(client: str, method: str, path: str, own: dict[str, Any], body: Body) -> list[tuple[str, str]]:
    """What a client of this kind sends anyway."""
    headers = list({"browser": browser, "rest": rest, "curl": curl, "java": java}[client](method, path, own, body))
    if body.type:
        headers.append(("Content-Type", body.type))
    if (body.content or method in ("POST", "PUT", "PATCH")) and "transfer-encoding" not in map(str.lower, own):
        headers.append(("Content-Length", str(len(body.content))))
    return headers


def browser(method: str, path: str, own: dict[str, Any], body: Body) -> Iterator[tuple[str, str]]:
    names = {name.lower() for name in own}
    page = path_is_page(path) and "application/json" not in (body.type or "") and not names & {"x-requested-with", "x-atlassian-token", "upgrade"}
    page = page and method in ("GET", "POST")
    yield "Connection", "keep-alive"
    yield "sec-ch-ua", '"Google Chrome";v="141", "Not?A_Brand";v="8", "Chromium";v="141"'
    yield "sec-ch-ua-mobile", "?0"
    yield "sec-ch-ua-platform", '"Linux"'
    if page:
        yield "Upgrade-Insecure-Requests", "1"
    yield "User-Agent", CHROME
    yield "Accept", HTML if page else "application/json, text/javascript, */*; q=0.01"
    yield "Sec-Fetch-Site", "same-origin"
    yield "Sec-Fetch-Mode", "websocket" if "upgrade" in names else "navigate" if page else "cors"
    if page:
        yield "Sec-Fetch-User", "?1"
    yield "Sec-Fetch-Dest", "document" if page else "websocket" if "upgrade" in names else "empty"
    yield "Accept-Encoding", "gzip, deflate, br, zstd"
    yield "Accept-Language", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7"
    if method not in ("GET", "HEAD") or "upgrade" in names:
        yield "Origin", "{origin}"
    yield "Referer", "{site}/"
    yield "Cookie", "; ".join(f"{name}={value}" for name, value in COOKIES.items())


def path_is_page(path: str) -> bool:
    """Whether a browser goes there, rather than a script of a page."""
    return not path.startswith(("/rest/", "/s/", "/download/", "/json/", "/synchrony", "/images/", "/plugins/servlet/gadgets/makeRequest"))


def rest(_method: str, _path: str, _own: dict[str, Any], _body: Body) -> Iterator[tuple[str, str]]:
    yield "User-Agent", "python-requests/2.32.5"
    yield "Accept-Encoding", "gzip, deflate"
    yield "Accept", "*/*"
    yield "Connection", "keep-alive"
    yield "Authorization", f"Bearer {BEARER}"


def curl(_method: str, _path: str, _own: dict[str, Any], _body: Body) -> Iterator[tuple[str, str]]:
    yield "User-Agent", "curl/8.14.1"
    yield "Accept", "*/*"


def java(_method: str, _path: str, _own: dict[str, Any], _body: Body) -> Iterator[tuple[str, str]]:
    yield "Accept", "application/json, */*"
    yield "Authorization", OAUTH
    yield "Connection", "Keep-Alive"
    yield "User-Agent", "Apache-HttpClient/4.5.14 (Java/17.0.16)"
    yield "Accept-Encoding", "gzip,deflate"


def merged(headers: list[tuple[str, str]], own: dict[str, Any]) -> list[tuple[str, str]]:
    """The entry's own headers in place of the usual ones; null takes one away. Cookies come beside the usual ones of other names."""
    values = {name.lower(): value for name, value in own.items()}
    if values.get("cookie") is not None:
        usual_ones = dict(headers).get("Cookie", "")
        kept = [pair for pair in usual_ones.split("; ") if pair and f"{pair.partition('=')[0]}=" not in str(values["cookie"])]
        values["cookie"] = "; ".join([*kept, str(values["cookie"])])
    result = [(name, str(values.get(name.lower(), value))) for name, value in headers if values.get(name.lower(), value) is not None]
    result += [(name, str(values[name.lower()])) for name in own if values[name.lower()] is not None and name.lower() not in dict(lowered(headers))]
    for name, value in result:
        if re.search(r"[\r\n\0]", name + value):
            raise ValueError(f"a line break in the header {name!r}")
    return result


def lowered(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers]
