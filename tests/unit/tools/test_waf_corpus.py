# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpora of the WAF become the requests that their entries describe, and reach a server byte for byte."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from waf import __main__ as command
from waf import corpus, crs_regression, fire

TEXTS = {"braces": "${a} {b} {{c}} {text} 100%s", "quotes": 'it\'s "so"\nänd <b>', "long": "x" * 7000}


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        for name in corpus.KINDS:
            (path / name).mkdir()
        (path / "texts.yml").write_text(yaml.safe_dump(TEXTS, allow_unicode=True), encoding="utf-8")

    def write(self, *entries: Any, file: str = "ordinary/a.yml") -> None:
        (self.path / file).write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")

    def load(self, *entries: Any, file: str = "ordinary/a.yml") -> list[corpus.Request]:
        self.write(*entries, file=file)
        return corpus.load(self.path)

    def one(self, **more: Any) -> corpus.Request:
        (request,) = self.load({"id": "jira-x", "path": "/x", **more})
        return request


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def header(request: corpus.Request, name: str) -> str | None:
    return {key.lower(): value for key, value in request.headers}.get(name.lower())


def test_an_entry_without_texts_is_one_request(folder: Folder) -> None:
    (request,) = folder.load({"id": "jira-view", "path": "/browse/A-1", "why": "reads an issue"})
    assert request[:8] == ("jira-view", "jira-view", "ordinary", "jira", "a", "reads an issue", "GET", "/browse/A-1")
    assert (request.body, request.file) == (b"", "ordinary/a.yml")


def test_texts_expand_where_the_mark_is_and_nowhere_else(folder: Folder) -> None:
    entry = {"id": "jira-c", "method": "POST", "path": "/c?{x}", "texts": ["braces", "quotes"], "json": {"a": ["{text}", {"{text}": 1}], "b": "{other}"}}
    first, second = folder.load(entry)
    assert (first.id, second.id) == ("jira-c#braces", "jira-c#quotes")
    assert json.loads(first.body) == {"a": [TEXTS["braces"], {TEXTS["braces"]: 1}], "b": "{other}"}
    assert second.path == "/c?{x}"
    assert json.loads(second.body)["a"][0] == TEXTS["quotes"]


def test_texts_in_paths_are_encoded_and_too_long_ones_left_out(folder: Folder) -> None:
    requests = folder.load({"id": "jira-q", "path": "/a%2Fb/{text}?q={text}", "texts": "all", "client": "rest"})
    assert [request.id for request in requests] == ["jira-q#braces", "jira-q#quotes"]
    encoded = "it%27s%20%22so%22%0A%C3%A4nd%20%3Cb%3E"
    assert requests[1].path == f"/a%2Fb/{encoded}?q={encoded}"


@pytest.mark.parametrize("texts", [{"each": ["a", 1, "../b"]}, {"texts": {"each": ["a", 1, "../b"]}}])
def test_literal_values(folder: Folder, texts: dict[str, Any]) -> None:
    requests = folder.load({"id": "jira-e", "path": "/{text}", **texts})
    assert [(request.id, request.path) for request in requests] == [("jira-e#1", "/a"), ("jira-e#2", "/1"), ("jira-e#3", "/..%2Fb")]


def test_both_products(folder: Folder) -> None:
    requests = folder.load({"id": "both-x", "path": "/{text}", "texts": ["braces"]})
    assert [(request.id, request.product) for request in requests] == [("both-x@jira#braces", "jira"), ("both-x@confluence#braces", "confluence")]


def test_attacks_have_categories_and_prefixes_of_their_own(folder: Folder) -> None:
    entries = [{"id": f"attack-{product}-x", "path": "/", "category": "xss"} for product in corpus.PRODUCTS]
    requests = folder.load(*entries, file="attacks/a.yml")
    assert [request.product for request in requests] == ["jira", "confluence", "jira", "confluence"]
    assert {(request.kind, request.category) for request in requests} == {("attack", "xss")}


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"pth": "/"}, "unknown keys: pth"),
        ({"category": "xss"}, "unknown keys: category"),
        ({"id": "Jira-x"}, "lower case"),
        ({"id": "attack-jira-x"}, "an id here begins with jira-, confluence-, both-"),
        ({"path": ""}, "no path"),
        ({"path": "/a\nb"}, "line break in the path"),
        ({"path": "/\u0416"}, "latin-1"),
        ({"client": "telnet"}, "unknown client telnet"),
        ({"json": {}, "form": {}}, "more than one body"),
        ({"type": "text/plain"}, "a type without a body"),
        ({"path": "/{text}"}, "{text} without texts"),
        ({"texts": "all"}, "texts without {text}"),
        ({"path": "/{text}", "texts": ["none"]}, "texts.yml has no none"),
        ({"path": "/{text}", "texts": "some"}, "neither `all` nor a list"),
        ({"path": "/{text}", "texts": "all", "each": ["a"]}, "both texts and each"),
        ({"path": "/{text}", "each": "a"}, "each is not a list"),
        ({"headers": ["a"]}, "headers is not a mapping"),
        ({"headers": {"X": "{text}"}, "texts": ["quotes"]}, "line break in the header 'X'"),
        ({"form": [1]}, "form is not a mapping"),
        ({"form": {"a": {"b": 1}}}, "a mapping or a list inside"),
        ({"multipart": {"a": 1}}, "multipart is not a list"),
        ({"multipart": [{"name": "a", "file": "b"}]}, "unknown keys: file"),
        ({"body": {"a": 1}}, "body is not a string"),
    ],
)
def test_errors_name_file_and_entry(folder: Folder, entry: dict[str, Any], sentence: str) -> None:
    entry = {"id": "jira-x", "path": "/", **entry}
    folder.write(entry)
    with pytest.raises(ValueError) as caught:
        corpus.load(folder.path)
    assert str(caught.value).startswith(f"ordinary/a.yml: {entry['id']}: ")
    assert sentence in str(caught.value)


def test_an_id_stands_once_in_the_corpus(folder: Folder) -> None:
    folder.write({"id": "jira-x", "path": "/"})
    with pytest.raises(ValueError, match=r"ordinary/b\.yml: jira-x: the id is also in ordinary/a\.yml"):
        folder.load({"id": "jira-x", "path": "/"}, file="ordinary/b.yml")


@pytest.mark.parametrize(("file", "text"), [("ordinary/a.yml", "a: 1"), ("attacks/a.yml", "- x"), ("ordinary/a.yml", "- ["), ("texts.yml", "a: 1")])
def test_errors_name_a_file_that_is_no_list_of_entries(folder: Folder, file: str, text: str) -> None:
    (folder.path / file).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{file}: "):
        corpus.load(folder.path)


def test_forms_as_browsers_send_them(folder: Folder) -> None:
    fields = {"a b": TEXTS["quotes"], "n": [1, True, None], "s": "~*-._"}
    request = folder.one(method="POST", form=fields)
    assert request.body == b"a+b=it%27s+%22so%22%0D%0A%C3%A4nd+%3Cb%3E&n=1&n=true&n=&s=%7E*-._"
    assert header(request, "Content-Type") == "application/x-www-form-urlencoded"
    assert header(request, "Content-Length") == str(len(request.body))
    assert header(request, "Accept") == corpus.HTML
    request = folder.one(method="POST", form=fields, headers={"X-Requested-With": "XMLHttpRequest"})
    assert header(request, "Content-Type") == "application/x-www-form-urlencoded; charset=UTF-8"
    assert header(request, "Sec-Fetch-Mode") == "cors"
    request = folder.one(method="POST", form=fields, client="rest")
    assert parse_qsl(request.body.decode(), keep_blank_values=True)[0] == ("a b", TEXTS["quotes"])


def test_json_of_browsers_and_of_scripts(folder: Folder) -> None:
    value = {"a": "ä", "b": [1]}
    assert folder.one(method="PUT", json=value).body == '{"a":"ä","b":[1]}'.encode()
    request = folder.one(method="PUT", json=value, client="rest", type="application/vnd.atl.plugins.plugin+json")
    assert request.body == b'{"a": "\\u00e4", "b": [1]}'
    assert header(request, "Content-Type") == "application/vnd.atl.plugins.plugin+json"


def test_multipart(folder: Folder) -> None:
    parts = [{"name": "id", "content": "a\nb"}, {"name": "file", "filename": 'ä "b".log', "type": "text/plain", "content": "x\ny"}]
    request = folder.one(method="POST", multipart=parts)
    assert header(request, "Content-Type") == "multipart/form-data; boundary=----WebKitFormBoundary0123456789abcdef"
    assert request.body.decode().split("\r\n") == [
        "------WebKitFormBoundary0123456789abcdef",
        'Content-Disposition: form-data; name="id"',
        "",
        "a",
        "b",
        "------WebKitFormBoundary0123456789abcdef",
        'Content-Disposition: form-data; name="file"; filename="ä %22b%22.log"',
        "Content-Type: text/plain",
        "",
        "x\ny",
        "------WebKitFormBoundary0123456789abcdef--",
        "",
    ]


def test_raw_bodies(folder: Folder) -> None:
    request = folder.one(method="POST", body="<ä/>", type="application/xml")
    assert (request.body, header(request, "Content-Type"), header(request, "Content-Length")) == ("<ä/>".encode(), "application/xml", "5")
    assert header(folder.one(method="POST"), "Content-Length") == "0"
    assert header(folder.one(), "Content-Length") is None


def test_own_headers_replace_the_usual_ones_and_cookies_join_them(folder: Folder) -> None:
    request = folder.one(headers={"user-agent": "x/1", "Referer": None, "X-New": 1, "Cookie": "a=b; JSESSIONID=other"})
    assert [value for name, value in request.headers if name.lower() == "user-agent"] == ["x/1"]
    assert header(request, "Referer") is None
    assert header(request, "X-New") == "1"
    assert header(request, "Cookie") == f"atlassian.xsrf.token={corpus.COOKIES['atlassian.xsrf.token']}; a=b; JSESSIONID=other"


@pytest.mark.parametrize(("client", "agent"), [("browser", "Mozilla/5.0 "), ("rest", "python-requests/"), ("curl", "curl/"), ("java", "Apache-HttpClient/")])
def test_each_client_has_its_headers(folder: Folder, client: str, agent: str) -> None:
    request = folder.one(client=client)
    assert (header(request, "User-Agent") or "").startswith(agent)
    assert (header(request, "Cookie") is None) == (client != "browser")


def test_bytes_on_the_wire(folder: Folder) -> None:
    request = folder.one(path="/a/../%2e/b c;\u00e9?<x>", client="curl", headers={"Cookie": "a=ä", "X-At": "{site} {origin}"}, method="POST", body="x")
    assert fire.written(request, fire.site("jira.example.com/jira", "127.0.0.1", fire.context(None, insecure=True))) == (
        b"POST /jira/a/../%2e/b c;\xe9?<x> HTTP/1.1\r\nHost: jira.example.com\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\nContent-Length: 1\r\n"
        b"Cookie: a=\xc3\xa4\r\nX-At: https://jira.example.com/jira https://jira.example.com\r\n\r\nx"
    )


def test_sites() -> None:
    assert fire.site("a.example.com:8080/x/", "192.0.2.1") == ("a.example.com", "192.0.2.1", 8080, "/x", None)
    assert fire.site("a.example.com").host == "a.example.com"
    assert fire.site("a.example.com:8080").host == "a.example.com:8080"
    for text in ("", ":80", "a:b", "/x"):
        with pytest.raises(ValueError, match="is not HOST"):
            fire.site(text)


def test_only_requests_that_end_where_they_say_share_a_connection(folder: Folder) -> None:
    assert fire.keeps_step(folder.one())
    assert fire.keeps_step(folder.one(method="POST", body="x"))
    assert not fire.keeps_step(folder.one(method="POST", body="x", headers={"Content-Length": "7"}))
    assert not fire.keeps_step(folder.one(method="POST", body="0\r\n\r\n", headers={"Transfer-Encoding": "chunked"}))


class Server:
    """Answers each request by its path: /403 with that status, /close with a closed connection, /drop by closing after the answer, unannounced."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.connections = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                connection, _peer = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            while line := lines.readline():
                while lines.readline() not in (b"\r\n", b""):
                    pass
                what = line.split()[1].decode().rpartition("/")[2]
                if what == "close":
                    return
                connection.sendall(f"HTTP/1.1 {what if what.isdecimal() else 200} x\r\nContent-Length: 2\r\n\r\nok".encode())
                if what == "drop":
                    return


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.listener.close()


def test_firing(folder: Folder, server: Server) -> None:
    entries = [{"id": f"jira-{number}-{path}", "path": f"/{path}"} for number, path in enumerate(["200", "403", "close", "drop", "500"] * 8)]
    to = fire.site(f"jira.example.com:{server.listener.getsockname()[1]}/ctx", "127.0.0.1")
    results = fire.fire(folder.load(*entries), to, timeout=5)
    assert [result.status for result in results] == [200, 403, None, 200, 500] * 8
    assert {result.error.partition(" (")[0] for result in results} == {"", "the connection was closed without an answer"}
    assert server.connections < len(entries)
    assert fire.fire(folder.load(entries[0]), to, deadline=0) == [(None, "not sent: out of time")]


def test_a_site_that_is_not_there_is_said_to_be(folder: Folder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    (result,) = fire.fire(folder.load({"id": "jira-x", "path": "/"}), fire.site(f"127.0.0.1:{port}"))
    assert result.status is None
    assert "refused" in result.error


def outcome(request: corpus.Request, status: int | None) -> command.Outcome:
    return command.Outcome(request, fire.Result(status, "" if status else "no answer in time"), status == 403)


def test_judging(folder: Folder) -> None:
    ordinary = folder.one(path="/\u001b[2J")
    attack = ordinary._replace(kind="attack", id="attack-jira-x", file="attacks/a.yml")
    assert not command.judge([outcome(ordinary, 200), *[outcome(attack, 403)] * 19, outcome(attack, 200)])
    assert command.judge([outcome(attack, 403), outcome(attack, 200)]) == ["only 1 of 2 attacks were refused; at least 95% are wanted"]
    bad = [outcome(ordinary, 403), outcome(ordinary, None)]
    assert command.judge(bad) == ["1 of 2 ordinary requests were refused", "1 of 2 ordinary requests were not answered"]
    printed = command.table([*bad, outcome(attack, 200)])
    assert "ordinary refused: jira-x" in printed
    assert "ordinary not answered: jira-x" in printed
    assert "attack passed: attack-jira-x" in printed
    assert "\u001b" not in printed


def test_messages_of_the_regression_tests() -> None:
    build = crs_regression.message
    assert build({}) == b"GET / HTTP/1.1\r\n\r\n"
    spec = {"method": "POST", "uri": "/?a=<", "version": "HTTP/1.0", "headers": {"Host": "localhost"}, "data": "a=<b>&c=d e"}
    assert build(spec, "/jira", "jira.example.com") == (
        b"POST /jira/?a=< HTTP/1.0\r\nHost: jira.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 15\r\n\r\n"
        b"a=%3Cb%3E&c=d+e"
    )
    assert build({**spec, "stop_magic": True}) == b"POST /?a=< HTTP/1.0\r\nHost: localhost\r\n\r\na=<b>&c=d e"
    assert build({"data": ["--x", "y"], "headers": {"content-type": "multipart/x", "Host": "192.0.2.1"}}, host="other").endswith(
        b"Host: 192.0.2.1\r\nContent-Length: 6\r\n\r\n--x\r\ny"
    )
    assert build({"encoded_request": "R0VUIC8gSFRUUC8xLjENCkhvc3Q6IGxvY2FsaG9zdA0KDQo="}, host="new") == b"GET / HTTP/1.1\r\nHost: new\r\n\r\n"


def test_the_corpus_itself() -> None:
    requests = corpus.load()
    kinds = [request.kind for request in requests]
    assert kinds.count("ordinary") >= 400
    assert kinds.count("attack") >= 150
    assert len({request.id for request in requests}) == len(requests)
