"""The kinds of requests that are measured, and what each has to reach."""
import datetime
import json
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from machine import get

QUERY = "rocket launch"
FOUND_EVERY = 3  # so many videos, one of which the query found


@dataclass
class Kind:
    name: str
    path: str
    base: str = "first page"  # what its requests per second are divided by
    least: float = 0  # and at least so much of
    growth: float = 1.5  # CPU and p50 may grow by as much from the small record to the large one
    cpu_ms: float = 0  # instead of both: so much CPU an answer at most
    headers: dict = field(default_factory=dict)
    search: bool = False


def day(days_ago):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago)).strftime("%Y-%m-%d")


def search(name, words, least=0, growth=1.5, more="", cpu_ms=0):
    return Kind(name, f"/api/videos?query={quote_plus(words)}{more}", "first page", least, growth, cpu_ms, search=True)


# In the order of recording each has to reach so much of its own first page; docs/performance.md says why some have less, and dates are none.
BY_RECORDED = {
    "first page": 0.5, "first page of a tracked query": 0.5, "first page of a channel": 0.1, "search: common word": 0.5, "search: rare word": 0.4,
    "search: two words": 0.5, "search: phrase": 0.5, "search: prefix": 0.4, "search: minus": 0.5, "search: Japanese part": 0.1,
    "search: text of a tracked query": 0.5,
}


def by_recorded(kind):
    more = "&" if "?" in kind.path else "?"
    return Kind(f"{kind.name}, by recorded", f"{kind.path}{more}sort=recorded", kind.name, BY_RECORDED[kind.name], 4)


def kinds(port, channel):
    """All of them for the record that answers at PORT, in order; CHANNEL is its largest. Those it cannot do are found out by check()."""
    _, headers, body = get(port, "/api/videos")
    pages = json.loads(body)["count"] // 20
    cursor = json.loads(get(port, f"/api/videos?page_number={pages * 3 // 4}")[2]).get("next_cursor")
    dates = f"published_after={day(900)}&published_before={day(600)}"
    newest = [
        Kind("first page", "/api/videos", "floor", 0.65),
        Kind("first page, If-None-Match", "/api/videos", "floor", 1.0, headers={"If-None-Match": headers.get("ETag", '"none"')}),
        Kind("cursor page at three quarters", f"/api/videos?cursor={cursor}", least=0.8),
        Kind("first page of a channel", f"/api/videos?channel={channel}", least=0.8),
        Kind("first page of a tracked query", "/api/videos?tracked=1", least=0.8),
        Kind("first page of a date range", f"/api/videos?{dates}", least=0.8),
        Kind(f"page {pages // 2:,} of {pages:,}", f"/api/videos?page_number={pages // 2}", least=0.5),
        search("search: common word", "the ", 0.25),
        search("search: rare word", "rubinius ", 0.25),
        search("search: two words", "official video ", 0.25),
        search("search: phrase", '"official video"', 0.25),
        search("search: word + dates", "minecraft ", 0.25, more=f"&{dates}"),
        search("search: prefix", "minec", 0.15, 4),
        search("search: minus", "official -video", 0.15, 4),
        search("search: word + channel", "the ", more=f"&channel={channel}", cpu_ms=5),
        search("search: Japanese part", "クラフ", 0.15),
        search("search: Thai part", "เพลง", 0.15),
        search("search: text of a tracked query", QUERY, 0.15),
        Kind("HTML first page", "/", "HTML floor", 0.35),
    ]
    return newest + [by_recorded(kind) for kind in newest if kind.name in BY_RECORDED]


def check(kind, port):
    """The answer's size and count; a kind that this build cannot answer has a reason instead."""
    status, headers, body = get(port, kind.path, kind.headers)
    wanted = 304 if kind.headers else 200
    if status != wanted:
        return {"reason": f"answers {status} instead of {wanted}"}
    facts = {"bytes": len(body), "status": status}
    if headers.get("Content-Type", "").startswith("application/json") and body:
        answer = json.loads(body)
        facts["count"] = answer["count"] if answer["count_is_exact"] else f"{answer['count']}+"
        if not answer["results"]:
            return {"reason": "finds nothing"}
    return facts
