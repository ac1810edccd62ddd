"""Without a key: the demo, and the way out of it."""
import re

from newsreel import KEY, PATIENCE_S, made_up_video, ndjson, wait_for


def start_demo(newsreel, youtube):
    one = newsreel(youtube).start()
    wait_for(lambda: one.count() >= 20, "videos of the demo")
    return one


def test_the_demo_says_so_and_shows_pictures_of_its_own(newsreel, youtube):
    calls = youtube.calls()
    one = start_demo(newsreel, youtube)
    page = one.get("/").text
    assert 'class="demo"' in page
    assert f'curl -H "Authorization: Bearer $(cat ./data/admin-token)" -d key=YOUR-KEY {one.url}/api/api_key' in one.log()
    picture = re.search(r'src="(/vi/[^"]+)"', page).group(1)
    answer = one.get(picture)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("image/")
    assert youtube.calls() == calls


def test_the_demo_grows(newsreel, youtube):
    one = start_demo(newsreel, youtube)
    before = one.count()
    wait_for(lambda: one.count() > before, "another video of the demo", 2 * PATIENCE_S)


def test_a_key_added_by_api_ends_the_demo(newsreel, youtube):
    one = start_demo(newsreel, youtube)
    demo_ids = one.all_ids()
    assert one.change("POST", "/api/api_key", key=KEY).status_code == 201
    wait_for(lambda: one.is_demo() is False, "the end of the demo")
    assert 'class="demo"' not in one.get("/").text
    wait_for(lambda: one.count() >= 50, "videos of the real record")
    assert one.processes("newsreel-sim") == {}
    picture = f"/vi/{demo_ids.pop()}/hqdefault.jpg"
    wait_for(lambda: one.get(picture).status_code == 404, "nginx without the demo's pictures")


def test_a_key_in_dotenv_ends_the_demo(newsreel, youtube):
    one = start_demo(newsreel, youtube)
    one.write_dotenv(f"YOUTUBE_API_KEYS={KEY}\n")
    wait_for(lambda: one.is_demo() is False, "the end of the demo")
    assert 'class="demo"' not in one.get("/").text


def remove_every_key(one):
    for key in wait_for(lambda: one.change("GET", "/api/api_key").json()["results"], "the key of the environment"):
        assert one.change("DELETE", f"/api/api_key/{key['id']}").status_code == 204


def test_a_site_that_was_live_stays_live_without_a_key(newsreel, youtube):
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY).start()
    wait_for(lambda: one.count() >= 50, "the first videos")
    remove_every_key(one)
    ids = one.all_ids()
    for _ in range(2):
        one.next_tick()
        assert one.is_demo() is False
    assert one.all_ids() == ids
    page = one.get("/").text
    assert 'class="demo"' not in page and "no API key" in page
    assert one.get("/api/status").json()["summary"] == "There is no API key"
    assert one.end() == 0
    one.start()
    assert one.is_demo() is False and one.all_ids() == ids


def test_an_import_ends_the_demo_and_says_so(newsreel, youtube):
    one = start_demo(newsreel, youtube)
    (one.folder / "videos.ndjson").write_text(ndjson(made_up_video(1, "A video of ours")))
    done = one.fetch("--import", "videos.ndjson")
    assert done.returncode == 0
    assert "there is no API key" in done.stderr and "demo" in done.stderr
    wait_for(lambda: one.is_demo() is False, "the end of the demo")
    assert [video["title"] for video in one.videos()["results"]] == ["A video of ours"]
    wait_for(lambda: "no API key" in one.get("/").text, "the word of a key that is missing")
