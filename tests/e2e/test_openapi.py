"""Answers of the running server are as its OpenAPI document says: status, media type, headers, schema; and every answer that it names is
seen here, but for those that only faults bring about."""
import json
import sqlite3
import time
from datetime import datetime, timedelta

import jsonschema
import pytest

from newsreel import KEY, PATIENCE_S, Newsreel, made_up_video, ndjson, wait_for

NEW_KEY = "AIzaSyTheSecondKeyOfTheTests-0123456789"
GONE = "goneVideo00"
TOKEN_OF_HUB = "ab" * 16
# What only load and faults bring about; test_http.py, test_hostile.py and tests/flow have them.
RARE = {"429", "503"}


@pytest.fixture(scope="module")
def site(youtube):
    one = Newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_TRUSTED_PROXIES="127.0.0.0/8", NEWSREEL_EMBED_ORIGINS="https://example.org")
    try:
        one.start()
        wait_for(lambda: one.count() >= 50, "the first videos")
        (one.folder / "videos.ndjson").write_text(ndjson({**made_up_video(1, "Without a channel"), "channel_id": None}))
        assert one.fetch("--import", "videos.ndjson").returncode == 0
        with sqlite3.connect(one.data / "newsreel.db", timeout=PATIENCE_S) as record:
            now = int(time.time())
            record.execute("INSERT INTO gone (id, published_at, first_seen_at, gone_at) VALUES (?, ?, ?, ?)", (GONE, now, now, now))
        yield one
    finally:
        one.close()


@pytest.fixture(scope="module")
def document(site):
    return site.get("/api/openapi.json").json()


@pytest.fixture(scope="module")
def components(document):
    return closed(document["components"])


@pytest.fixture(scope="module")
def seen():
    return set()


def resolve(document, value):
    while "$ref" in value:
        at = document
        for part in value["$ref"][2:].split("/"):
            at = at[part]
        value = at
    return value


def closed(value):
    """The document leaves answers open, for members that later versions add; here every member has to be in it."""
    if isinstance(value, list):
        return [closed(one) for one in value]
    if not isinstance(value, dict):
        return value
    value = {name: closed(one) for name, one in value.items()}
    return {"additionalProperties": False, **value} if isinstance(value.get("properties"), dict) and "type" in value else value


def validate(components, schema, value):
    """A $ref inside the schema is looked up in the document's COMPONENTS, which are closed."""
    whole = {**closed(schema), "components": components}
    validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
    faults = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in validator.iter_errors(value)]
    assert not faults, faults


class Caller:
    """Sends requests as a visitor of its own each time, and holds the answers to the document."""

    def __init__(self, site, document, components, seen):
        self.site, self.document, self.components, self.seen, self.visitors = site, document, components, seen, 0

    def __call__(self, method, path, status, query="", headers=(), owner=False, **options):
        self.visitors += 1
        headers = {"X-Forwarded-For": f"198.51.100.{self.visitors}", **dict(headers)}
        if method == "GET":
            headers.setdefault("Cookie", "newsreel_session=old")  # past nginx's cache
        if owner:
            headers |= self.site.authorization()
        url = path.format(**options.pop("parts", {}))
        answer = self.site.session.request(method, self.site.url + url + query, headers=headers, timeout=PATIENCE_S, **options)
        assert answer.status_code == status, (method, url, answer.status_code, answer.text[:300])
        return self.take(method.lower(), path, answer)

    def known(self, path, parts=None):
        return self.take("get", path, self.site.known(path.format(**(parts or {}))))

    def take(self, method, path, answer):
        self.check(answer, self.document["paths"][path][method])
        self.seen.add((method, path, str(answer.status_code)))
        return answer

    def check(self, answer, operation):
        described = resolve(self.document, operation["responses"][str(answer.status_code)])
        for name, header in described.get("headers", {}).items():
            assert name in answer.headers or not header.get("required", True)
        content = described.get("content")
        if not content:
            assert answer.content == b""
            return
        media = answer.headers["Content-Type"].split(";")[0]
        assert media in content
        if media.endswith(("/json", "+json")):
            validate(self.components, content[media]["schema"], answer.json())


@pytest.fixture
def call(site, document, components, seen):
    return Caller(site, document, components, seen)


def test_the_schemas_are_schemas(document):
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for parameter in document["components"]["parameters"].values():
        jsonschema.Draft202012Validator.check_schema(parameter["schema"])


LISTS = ("/api/videos", "/api/changes", "/feeds/videos.atom", "/feeds/videos.json", "/api/channels", "/api/gone") + tuple(
    f"/api/stats/{figures}{extension}" for figures in ("volume", "channels", "languages", "lengths") for extension in ("", ".csv")) + ("/compare.svg",)
EXPORTS = ("/api/videos.csv", "/api/videos.ndjson", "/api/gone.csv")


def with_every_parameter(document, path, call):
    """Each value that the document names as allowed is, and one beyond is not."""
    for reference in document["paths"][path]["get"].get("parameters", []):
        parameter = resolve(document, reference)
        name, schema = parameter["name"], parameter["schema"]
        if parameter["in"] != "query":
            continue
        more = {"sort": "&query=rocket", "include": "&sort=newest"}.get(name, "")
        for value in schema.get("enum", []) + schema.get("examples", []) + [schema[k] for k in ("minimum", "maximum", "default") if k in schema]:
            owner = name == "include" and value == "hidden"
            if value != "UC…":
                call("GET", path, 200, f"?{name}={value}{more}", owner=owner)
                if owner:
                    call("GET", path, 401, f"?{name}={value}{more}")
        wrong = ["nonsense"] if "enum" in schema else []
        wrong += [schema["minimum"] - 1] if "minimum" in schema else []
        wrong += [schema["maximum"] + 1] if "maximum" in schema else []
        for value in wrong:
            assert name in call("GET", path, 400, f"?{name}={value}{more}").json()["detail"]


@pytest.mark.parametrize("path", LISTS + EXPORTS)
def test_parameters_are_as_described(document, call, path):
    with_every_parameter(document, path, call)


@pytest.mark.parametrize("path", LISTS + EXPORTS + ("/feeds/queries.opml", "/api/queries", "/api/openapi.json", "/api/docs"))
def test_reading(call, path):
    call("GET", path, 200)
    call.known(path)
    ignores_unknown = path.startswith("/feeds/") or path == "/api/docs"
    call("GET", path, 200 if ignores_unknown else 400, "?colour=red")
    if ignores_unknown:  # a body that nobody can read is refused everywhere
        call("GET", path, 400, data="?", headers={"Content-Type": "text/plain"})


def test_lists_of_every_shape(call):
    first = call("GET", "/api/videos", 200, "?page_size=5").json()
    call("GET", "/api/videos", 200, f"?page_size=5&cursor={first['next_cursor']}")
    call("GET", "/api/videos", 200, "?page_number=9999")
    call("GET", "/api/videos", 200, "?query=channel&sort=views&count=exact")
    assert call("GET", "/api/videos", 200, "?query=without").json()["results"][0]["channel"] is None
    for line in call("GET", "/api/videos.ndjson", 200).text.split("\n")[:-1][:50]:
        validate(call.components, {"$ref": "#/components/schemas/Video"}, json.loads(line))


def test_oembed(call):
    own = call.site.url + "/"
    call("GET", "/oembed", 200, f"?url={own}&maxwidth=300&format=json")
    call.take("get", "/oembed", call.site.known(f"/oembed?url={own}"))
    call("GET", "/oembed", 400)
    call("GET", "/oembed", 404, "?url=http://127.0.0.1:1/")


def test_changes(call):
    first = call("GET", "/api/changes", 200, "?page_size=5").json()
    assert [change["change"] for change in first["results"]] == ["added"] * 5
    call("GET", "/api/changes", 200, f"?cursor={first['next_cursor']}")
    told = {change["id"] for change in first["results"]}
    later = call("GET", "/api/changes", 200, f"?cursor={first['latest_cursor']}").json()["results"]
    assert not told & {change["id"] for change in later if change["change"] == "added"}
    call("GET", "/api/changes", 400, "?cursor=1")
    call("GET", "/api/changes", 410, "?cursor=c7000000000000000")


def test_data_sets(call):
    call("GET", "/api/dataset.zip", 200, "?format=csv&content=ids", owner=True)
    call("GET", "/api/dataset.zip", 400, "?format=pdf", owner=True)
    call("GET", "/api/dataset.zip", 401)
    assert call("GET", "/api/gone", 200).json()["results"][0]["id"] == GONE


def test_one_video(call):
    path, parts = "/api/videos/{id}", {"id": call.site.videos()["results"][0]["id"]}
    video = call("GET", path, 200, parts=parts).json()
    assert video["queries"][0]["found_by"] == video["found"][0]["by"]
    for path in (path, "/api/videos/{id}/statistics"):
        call("GET", path, 200, parts=parts)
        call.known(path, parts)
        call("GET", path, 400, "?colour=red", parts=parts)
        call("GET", path, 404, parts={"id": "unknownVid0"})
        call("GET", path, 410, parts={"id": GONE})


def test_a_looked_up_video_has_statistics(call):
    looked_up = lambda: next((v for v in call.site.videos(page_size=100, include="found")["results"] if v["statistics_at"]), None)
    video = wait_for(looked_up, "the first look-up")
    points = call("GET", "/api/videos/{id}/statistics", 200, parts={"id": video["id"]}).json()
    assert points["results"][-1]["at"] >= video["statistics_at"]


def test_queries(call):
    path, one = "/api/queries", "/api/queries/{id}"
    parts = {"id": call("POST", path, 201, owner=True, json={"query": "solar eclipse"}).json()["id"]}
    call("POST", path, 200, owner=True, data={"query": "Solar  Eclipse"})
    call("POST", path, 422, owner=True, data={"query": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"})
    call("POST", path, 201, owner=True, data={"query": "https://www.youtube.com/@NASA"})
    call("POST", path, 202, json={"query": "a visitor's"})
    call("POST", path, 400, owner=True, json={"query": ""})
    call("POST", path, 401, json={"query": "x"}, headers={"Authorization": "Bearer wrong"})
    wrong = {"Authorization": "Bearer wrong"}
    call("GET", one, 200, parts=parts)
    call("GET", one, 200, owner=True, parts=parts)
    call("GET", one, 401, parts=parts, headers=wrong)
    call("GET", path, 401, headers=wrong)
    call("GET", path + ".ndjson", 401, headers=wrong)
    call.known(one, parts)
    call("GET", one, 400, "?colour=red", parts=parts)
    call("GET", one, 404, parts={"id": 999})
    call("GET", one + "/gaps", 200, parts=parts)
    call.known(one + "/gaps", parts)
    call("GET", one + "/gaps", 400, "?colour=red", parts=parts)
    call("GET", one + "/gaps", 404, parts={"id": 999})
    call("GET", one + "/attrition", 200, parts=parts)
    call.known(one + "/attrition", parts)
    call("GET", one + "/attrition", 400, "?colour=red", parts=parts)
    call("GET", one + "/attrition", 404, parts={"id": 999})
    call("PATCH", one, 200, owner=True, parts=parts, json={"state": "paused"})
    call("PATCH", one, 200, owner=True, parts=parts, json={"follow_channels": False})
    call("PATCH", one, 200, owner=True, parts=parts, json={"label": "Eclipses", "group": "Sky", "priority": "high", "starts_at": "2026-01-01", "ends_at": None})
    rules = {"excluded_words": "fan edit, trailer", "excluded_channels": None, "region": "DE", "language": "de", "min_duration": 5,
             "max_duration": None, "hide_shorts": True, "kinds": "video,was_live"}
    validate(call.components, {"$ref": "#/components/schemas/QueryChange"}, rules)
    assert call("PATCH", one, 200, owner=True, parts=parts, json=rules).json()["excluded_words"] == ["fan edit", "trailer"]
    call("PATCH", one, 400, owner=True, parts=parts, json={"state": "spent"})
    call("PATCH", one, 409, owner=True, parts=parts, json={"query": "A visitor's"})
    call("PATCH", one, 422, owner=True, parts=parts, json={"query": "@ESA"})
    call("GET", path, 200, "?text=ecl&group=Sky&state=paused&sort=name&page_size=1")
    call("GET", path, 400, "?sort=else")
    call("PATCH", path, 200, owner=True, json={"ids": f"{parts['id']},999", "priority": "low"})
    call("PATCH", path, 400, owner=True, json={"ids": "x", "priority": "low"})
    call("PATCH", path, 401, json={"ids": "1", "priority": "low"})
    call("DELETE", path, 400, owner=True)
    call("DELETE", path, 401, "?ids=1")
    call("DELETE", path, 200, "?ids=998,999", owner=True)
    for export in (path + ".ndjson", path + ".txt"):
        call("GET", export, 200)
        call.known(export)
        call("GET", export, 400, "?colour=red")
    call("POST", path + "/import", 200, owner=True, json={"lines": 'moon\n{"query": "sun", "group": "Sky"}\n{"query": ""}'})
    call("POST", path + "/import", 400, owner=True, json={"lines": ""})
    call("POST", path + "/import", 401, json={"lines": "moon"})
    past = one + "/backfill"
    channel = call("POST", path, 200, owner=True, data={"query": "@nasa"}).json()["id"]
    call("POST", past, 400, owner=True, parts=parts, json={"since": "soon"})
    call("POST", past, 401, parts=parts, json={"since": "2026-01-01"})
    call("POST", past, 404, owner=True, parts={"id": 999}, json={"since": "2026-01-01"})
    call("POST", past, 422, owner=True, parts={"id": channel}, json={"since": "2026-01-01"})
    call("POST", path + "/import", 200, owner=True, json={"lines": '{"query": "never polled", "state": "paused"}'})
    new = call("GET", path, 200, "?text=never+polled").json()["results"][0]["id"]
    call("POST", past, 409, owner=True, parts={"id": new}, json={"since": "2026-01-01"})
    covered = next(query for query in call("GET", path, 200).json()["results"] if query["covered_since"])
    day = datetime.fromisoformat(covered["covered_since"][:19]) - timedelta(days=2)
    call("POST", past, 200, owner=True, parts={"id": covered["id"]}, json={"since": str(day.date()), "confirm": False})
    call("DELETE", past, 204, owner=True, parts=parts)
    call("DELETE", past, 400, "?colour=red", owner=True, parts=parts)
    call("DELETE", past, 401, parts=parts)
    call("DELETE", past, 404, owner=True, parts={"id": 999})
    call("PATCH", one, 401, parts=parts, json={"state": "paused"})
    call("PATCH", one, 404, owner=True, parts={"id": 999}, json={"state": "paused"})
    call("DELETE", one, 400, "?purge=2", owner=True, parts=parts)
    call("DELETE", one, 401, parts=parts)
    call("DELETE", one, 404, owner=True, parts={"id": 999})
    call("DELETE", one, 204, "?purge=1", owner=True, parts=parts)


def test_keys(call):
    path, one = "/api/api_key", "/api/api_key/{id}"
    parts = {"id": call("POST", path, 201, owner=True, json={"key": NEW_KEY, "label": "spare"}).json()["id"]}
    call("POST", path, 409, owner=True, data={"key": NEW_KEY})
    call("POST", path, 422, owner=True, data={"key": "short"})
    call("POST", path, 400, owner=True, data={"key": NEW_KEY, "colour": "red"})
    call("POST", path, 401, data={"key": NEW_KEY})
    call("GET", path, 200, owner=True)
    call("GET", path, 400, "?colour=red", owner=True)
    call("GET", path, 401)
    call("GET", one, 200, owner=True, parts=parts)
    call("GET", one, 400, "?colour=red", owner=True, parts=parts)
    call("GET", one, 401, parts=parts)
    call("GET", one, 404, owner=True, parts={"id": 999})
    for change in ({"state": "paused"}, {"state": "ok", "label": None}, {"searches_per_day": 7, "units_per_day": None}):
        validate(call.components, {"$ref": "#/components/schemas/KeyChange"}, change)
        call("PATCH", one, 200, owner=True, parts=parts, json=change)
    call("PATCH", one, 400, owner=True, parts=parts, json={"state": "spent"})
    call("PATCH", one, 401, parts=parts, json={"state": "paused"})
    call("PATCH", one, 404, owner=True, parts={"id": 999}, json={"state": "paused"})
    call("DELETE", one, 400, "?colour=red", owner=True, parts=parts)
    call("DELETE", one, 401, parts=parts)
    call("DELETE", one, 404, owner=True, parts={"id": 999})
    call("DELETE", one, 204, owner=True, parts=parts)


def test_alerts(call):
    path, one, retry = "/api/alerts", "/api/alerts/{id}", "/api/alerts/{id}/deliveries/{delivery}/retry"
    rule = {"label": "Falcon", "filter": {"query": "falcon", "min_duration": 60}, "destination": {"kind": "slack", "url": "https://hooks.slack.com/x"},
            "schedule": "daily", "at": "08:00", "timezone": "Europe/Berlin", "backfill": True}
    validate(call.components, {"$ref": "#/components/schemas/NewAlert"}, rule)
    parts = {"id": call("POST", path, 201, owner=True, json=rule).json()["id"], "delivery": 999}
    form = {"filter": "kind=live", "destination.kind": "none", "backfill": "false"}
    validate(call.components, {"$ref": "#/components/schemas/NewAlertForm"}, form)
    saved = {"id": call("POST", path, 201, owner=True, data=form).json()["id"]}
    call("POST", path, 400, owner=True, json={"colour": "red"})
    call("POST", path, 401, json=rule)
    call("GET", path, 200, owner=True)
    call("GET", path, 400, "?colour=red", owner=True)
    call("GET", path, 401)
    call("GET", one, 200, owner=True, parts=parts)
    call("GET", one, 400, "?colour=red", owner=True, parts=parts)
    call("GET", one, 401, parts=parts)
    call("GET", one, 404, owner=True, parts={"id": 999})
    change = {"schedule": "now", "state": "paused"}
    validate(call.components, {"$ref": "#/components/schemas/AlertChange"}, change)
    call("PATCH", one, 200, owner=True, parts=parts, json=change)
    call("PATCH", one, 400, owner=True, parts=parts, json={"state": "ended"})
    call("PATCH", one, 401, parts=parts, json=change)
    call("PATCH", one, 404, owner=True, parts={"id": 999}, json=change)
    call("POST", one + "/test", 202, owner=True, parts=parts)
    call("POST", one + "/test", 400, "?colour=red", owner=True, parts=parts)
    call("POST", one + "/test", 401, parts=parts)
    call("POST", one + "/test", 404, owner=True, parts={"id": 999})
    call("POST", one + "/test", 422, owner=True, parts=saved)
    parts["delivery"] = call("GET", one + "/deliveries", 200, owner=True, parts=parts).json()["results"][0]["id"]
    call("GET", one + "/deliveries", 400, "?page_size=0", owner=True, parts=parts)
    call("GET", one + "/deliveries", 401, parts=parts)
    call("GET", one + "/deliveries", 404, owner=True, parts={"id": 999})
    call("POST", retry, 202, owner=True, parts=parts)
    call("POST", retry, 400, "?colour=red", owner=True, parts=parts)
    call("POST", retry, 401, parts=parts)
    call("POST", retry, 404, owner=True, parts={**parts, "delivery": 999})
    call("DELETE", one, 400, "?colour=red", owner=True, parts=parts)
    call("DELETE", one, 401, parts=parts)
    call("DELETE", one, 404, owner=True, parts={"id": 999})
    call("DELETE", one, 204, owner=True, parts=parts)


def hide_and_show(call, path, parts, unknown):
    one = path + "/{id}"
    call("PUT", one, 201, owner=True, parts=parts)
    call("PUT", one, 200, owner=True, parts=parts)
    call("PUT", one, 404, owner=True, parts={"id": "!"})
    call("GET", path, 200, owner=True)
    call("GET", one, 200, owner=True, parts=parts)
    call("GET", one, 404, owner=True, parts={"id": unknown})
    call("DELETE", one, 404, owner=True, parts={"id": "!"})
    for method, where in (("GET", path), ("GET", one), ("PUT", one), ("DELETE", one)):
        call(method, where, 400, "?colour=red", owner=True, parts=parts)
        call(method, where, 401, parts=parts)
    if path == "/api/hidden_videos":
        hidden = call("GET", "/api/videos", 200, "?include=hidden&page_size=100", owner=True).json()["results"]
        assert [video["hidden"] for video in hidden if video["id"] == parts["id"]] == [["hidden"]]
    call("DELETE", one, 204, owner=True, parts=parts)


def test_hidden_videos(call):
    hide_and_show(call, "/api/hidden_videos", {"id": call.site.videos()["results"][0]["id"]}, "unknownVid0")


def test_muted_channels(call):
    hide_and_show(call, "/api/muted_channels", {"id": call.site.videos()["results"][0]["channel"]["id"]}, "UCunknown")


def test_a_session_without_the_token_of_its_forms(call, document):
    call.site.session.post(call.site.url + "/login", data={"token": call.site.authorization()["Authorization"].split()[1]},
                           headers={"X-Forwarded-For": "192.0.2.77"}, timeout=PATIENCE_S).raise_for_status()
    try:
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if "403" in operation["responses"]:
                    call(method.upper(), path, 403, parts={"id": 1, "delivery": 1}, json={} if method != "delete" else None)
    finally:
        call.site.session.cookies.clear()


def test_a_body_that_is_too_large(call, document):
    for path, operations in document["paths"].items():
        for method in operations:
            call(method.upper(), path, 413, parts={"id": 1, "delivery": 1, "token": TOKEN_OF_HUB}, data=b"x" * 70000)


def test_the_service_itself(call):
    assert "keys" not in call("GET", "/api/status", 200).json()
    assert "keys" in call("GET", "/api/status", 200, owner=True).json()
    call("GET", "/api/status", 400, "?colour=red")
    call("GET", "/api/status", 401, headers={"Authorization": "Bearer wrong"})
    assert "newsreel_quota_used" in call("GET", "/metrics", 200, owner=True).text
    call("GET", "/metrics", 401, headers={"Authorization": "Bearer wrong"})
    for path in ("/ping", "/readyz", "/healthz", "/metrics"):
        call("GET", path, 200)
        call("GET", path, 400, "?a=%ff")


def test_the_callback_of_the_hub(call, site):
    with site.still(), sqlite3.connect(site.data / "newsreel.db", timeout=PATIENCE_S) as record:
        record.execute("INSERT INTO push_subscription (channel, token, secret, base, wanted, asked_at, next_at)"
                       " SELECT id, ?, 'secret', 'https://example.org', 1, 1, 9999999999 FROM channel LIMIT 1", (TOKEN_OF_HUB,))
        (channel,) = record.execute("SELECT youtube_id FROM channel c JOIN push_subscription s ON s.channel = c.id").fetchone()
        record.commit()
        answer_the_hub(call, channel)


def answer_the_hub(call, channel):
    path, topic = "/push/{token}", "https://www.youtube.com/xml/feeds/videos.xml?channel_id=" + channel
    atom = {"Content-Type": "application/atom+xml"}
    asked = {"hub.mode": "subscribe", "hub.topic": topic}
    assert call("GET", path, 200, parts={"token": TOKEN_OF_HUB}, params={**asked, "hub.challenge": "a-challenge"}).text == "a-challenge"
    call("GET", path, 400, parts={"token": TOKEN_OF_HUB}, params=asked)
    call("GET", path, 404, parts={"token": "cd" * 16}, params={**asked, "hub.challenge": "x"})
    call("POST", path, 204, parts={"token": TOKEN_OF_HUB}, headers=atom, data="<feed/>")
    call("GET", path, 204, parts={"token": TOKEN_OF_HUB}, params={"hub.mode": "denied", "hub.topic": topic})
    call("POST", path, 400, parts={"token": TOKEN_OF_HUB}, headers={"Content-Type": "text/plain"}, data="x")
    call("POST", path, 404, parts={"token": "cd" * 16}, headers=atom, data="<feed/>")


def test_a_member_that_the_document_lacks_is_seen(components, site):
    video = next(one for one in site.videos()["results"] if one["channel"])
    for more in ({"colour": "red"}, {"channel": {**video["channel"], "colour": "red"}}):
        with pytest.raises(AssertionError):
            validate(components, {"$ref": "#/components/schemas/Video"}, {**video, **more})


def test_every_answer_of_the_document_was_seen(document, seen):
    described = {(method, path, status) for path, operations in document["paths"].items() for method, operation in operations.items()
                 for status in operation["responses"] if status not in RARE}
    assert not described - seen, sorted(described - seen)
