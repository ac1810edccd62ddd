"""From YouTube to the page."""
import html
import json
import re

from newsreel import KEY, PATIENCE_S, wait_for

BAD_KEY = "AIzaSy-a-key-that-youtube-refuses-000001"


def test_videos_of_youtube_arrive_in_api_and_page(running):
    with running.still():
        results = running.videos(page_size=20)["results"]
        page = html.unescape(running.get("/").text)
    assert len(results) == 20
    assert [v["published_at"] for v in results] == sorted((v["published_at"] for v in results), reverse=True)
    assert {q["query"] for v in results for q in v["queries"]} == {"rocket launch"}
    for video in results:
        assert video["title"] in page
        assert video["url"] in page


def test_the_record_grows_while_ticks_run(running):
    before = running.count()
    wait_for(lambda: running.count() > before, "another video")


def test_a_new_query_is_looked_for_at_the_next_tick(running):
    assert running.change("POST", "/api/queries", query="lofi beats").status_code == 201
    found = wait_for(lambda: (q := running.queries()["lofi beats"])["videos"] and q, "videos of the new query")
    assert running.videos(tracked=found["id"])["count"] >= found["videos"]


def test_keys_are_in_no_log_page_or_answer(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_LOG="debug").start()
    added = one.change("POST", "/api/api_key", key=BAD_KEY, label="refused")
    assert added.status_code == 201
    again = one.change("POST", "/api/api_key", key=BAD_KEY)
    assert again.status_code == 409
    wrong = one.change("POST", "/api/api_key", key=BAD_KEY + "!")
    assert wrong.status_code == 422
    keys = lambda: one.change("GET", "/api/api_key").json()["results"]
    wait_for(lambda: any(k["label"] == "refused" and k["state"] == "invalid" for k in keys()), "the verdict on the bad key")
    said = [one.log(), added.text, again.text, wrong.text, json.dumps(keys()), one.get("/").text, one.get("/api/videos").text,
            one.fetch("--status").stdout, one.fetch("--status", "--json").stdout, one.fetch("--print-config", "YOUTUBE_API_KEYS").stdout,
            one.fetch(YOUTUBE_API_KEYS=KEY + "!").stderr]
    token = (one.data / "admin-token").read_text().strip()
    for text in said:
        for secret in (KEY, BAD_KEY, token):
            assert secret not in text
    assert youtube.calls()["keys_in_urls"] == 0


def test_keys_need_the_token(site):
    for method, path in (("GET", "/api/api_key"), ("POST", "/api/api_key"), ("DELETE", "/api/api_key/1"), ("DELETE", "/api/queries/1")):
        answer = site.session.request(method, site.url + path, timeout=PATIENCE_S, headers={"Authorization": "Bearer wrong"})
        assert answer.status_code == 401, (method, path)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_changes_of_dotenv_are_followed_and_removals_last(newsreel, youtube):
    one = newsreel(youtube, dotenv=f"YOUTUBE_API_KEYS={KEY}\nNEWSREEL_QUERIES=rocket launch; lofi beats\n").start()
    wait_for(lambda: all(q["videos"] for q in one.queries().values()) and len(one.queries()) == 2, "videos of both queries")

    # Removed by API: it stays away although the variable still names it.
    gone = one.queries()["lofi beats"]["id"]
    assert one.change("DELETE", f"/api/queries/{gone}").status_code == 204
    one.next_tick()
    assert set(one.queries()) == {"rocket launch"}

    # Out of the variable: paused, its videos stay.
    before = one.count()
    one.write_dotenv(f"YOUTUBE_API_KEYS={KEY}\nNEWSREEL_QUERIES=chess\n")
    wait_for(lambda: "chess" in one.queries(), "the new query")
    assert one.queries()["rocket launch"]["state"] == "paused"
    assert one.count() >= before

    # Both come back: the removed one has left the variable in between.
    one.write_dotenv(f"YOUTUBE_API_KEYS={KEY}\nNEWSREEL_QUERIES=rocket launch;lofi beats;chess\n")
    wait_for(lambda: {q["query"]: q["state"] for q in one.queries().values()} ==
             {"rocket launch": "active", "lofi beats": "active", "chess": "active"}, "all three")
    assert one.queries()["lofi beats"]["id"] == gone


def test_a_mistake_in_dotenv_is_named_and_leaves_the_service_up(newsreel, youtube):
    one = newsreel(youtube, dotenv=f"YOUTUBE_API_KEYS={KEY}\n").start()
    one.write_dotenv(f"YOUTUBE_API_KEYS={KEY}\nNEWSREEL_PAGE_SIZE=a lot\n")
    wait_for(lambda: re.search("NEWSREEL_PAGE_SIZE=a lot", one.log()), "the mistake in the log")
    assert one.alive() and one.answers("/api/videos")
    one.write_dotenv(f"YOUTUBE_API_KEYS={KEY}\n")
    one.next_tick()
