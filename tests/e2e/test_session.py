"""Signing in with a browser, through nginx: cookies, limits, and servers in front."""
import re

import requests

from newsreel import KEY, PATIENCE_S, wait_for

TOKEN = "a-token-of-the-tests-0123456789"


def start(newsreel, youtube, **variables):
    return newsreel(youtube, YOUTUBE_API_KEYS=KEY, NEWSREEL_ADMIN_TOKEN=TOKEN, **variables).start()


def sign_in(one, token=TOKEN, **headers):
    return one.session.post(one.url + "/login", data={"token": token}, headers=headers, timeout=PATIENCE_S, allow_redirects=False)


def form_token(one):
    return re.search(r'name="csrf_token" value="([0-9a-f]+)"', one.get("/login").text).group(1)


def test_a_browser_signs_in_changes_something_and_signs_out(newsreel, youtube):
    one = start(newsreel, youtube)
    assert one.get("/api/api_key").status_code == 401
    answer = sign_in(one, Origin=one.url)
    assert answer.status_code == 303 and answer.headers["Location"] == "/"
    cookie = answer.headers["Set-Cookie"]
    assert re.fullmatch(r"newsreel_session=[0-9a-f.]+; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict", cookie)
    wait_for(lambda: one.get("/api/api_key").json()["count"] == 1, "the key of the environment")
    refused = one.session.post(one.url + "/api/queries", data={"query": "solar eclipse"}, timeout=PATIENCE_S)
    assert refused.status_code == 403 and refused.headers["Content-Type"] == "application/problem+json"
    token = form_token(one)
    foreign = one.session.post(one.url + "/api/queries", data={"query": "solar eclipse", "csrf_token": token}, headers={"Origin": "https://evil.example"}, timeout=PATIENCE_S)
    assert foreign.status_code == 403
    done = one.session.post(one.url + "/api/queries", data={"query": "solar eclipse", "csrf_token": token}, headers={"Origin": one.url}, timeout=PATIENCE_S)
    assert done.status_code == 201
    one.session.post(one.url + "/logout", data={"csrf_token": token}, timeout=PATIENCE_S, allow_redirects=False).raise_for_status()
    assert one.get("/api/api_key").status_code == 401


def test_another_token_ends_every_session(newsreel, youtube):
    one = start(newsreel, youtube)
    sign_in(one)
    assert one.get("/api/api_key").status_code == 200
    one.end()
    one.variables["NEWSREEL_ADMIN_TOKEN"] = TOKEN + "x"
    one.start()
    assert one.get("/api/api_key").status_code == 401


def test_guessing_the_token_is_slow(newsreel, youtube):
    one = start(newsreel, youtube)
    assert sign_in(one, "wrong").status_code == 401
    refused = one.refused("POST", "/login", "token=wrong")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/too-many" and int(refused.headers["Retry-After"]) > 0
    page = one.refused("POST", "/login", "token=wrong", headers=lambda _: {"Accept": "text/html,*/*"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert one.refused("POST", "/login", f"token={TOKEN}")  # the right one is not told from a wrong one
    assert one.get("/api/videos").status_code == 200


def test_only_a_trusted_proxy_tells_the_scheme(newsreel, youtube):
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    one = start(newsreel, youtube, NEWSREEL_TRUSTED_PROXIES="127.0.0.0/8")
    assert sign_in(one, **forwarded).headers["Set-Cookie"].endswith("; Secure")
    assert "; Secure" not in sign_in(one, **{**forwarded, "X-Forwarded-Proto": "http"}).headers["Set-Cookie"]
    other = start(newsreel, youtube)
    assert "; Secure" not in sign_in(other, **forwarded).headers["Set-Cookie"]


def test_sign_ins_are_limited_for_each_visitor_behind_a_proxy(newsreel, youtube):
    one = start(newsreel, youtube, NEWSREEL_TRUSTED_PROXIES="127.0.0.0/8")
    assert one.refused("POST", "/login", "token=wrong", headers=lambda _: {"X-Forwarded-For": "192.0.2.1"})
    assert sign_in(one, "wrong", **{"X-Forwarded-For": "192.0.2.2"}).status_code == 401
    # What a visitor writes before the proxy's own entry does not count.
    assert one.refused("POST", "/login", "token=wrong", headers=lambda n: {"X-Forwarded-For": f"198.51.100.{n}, 192.0.2.3"})


def test_below_a_path_of_another_server(newsreel, youtube):
    one = start(newsreel, youtube, NEWSREEL_PUBLIC_URL="https://example.org/news.reel")
    wait_for(lambda: one.count() > 1, "videos")
    for base in ("", "/news.reel"):  # the server in front takes the path away, or does not
        for host in ("example.org", "evil.example"):
            headers = {"Host": host, "Cache-Control": "no-cache"}
            page = requests.get(one.url + base + "/", headers=headers, timeout=PATIENCE_S)
            assert page.status_code == 200 and "evil" not in page.text
            style = re.search(r'href="https://example.org/news.reel(/static/[^"]+\.css)"', page.text).group(1)
            assert requests.get(one.url + base + style, headers=headers, timeout=PATIENCE_S).headers["Content-Type"] == "text/css"
            answer = requests.get(one.url + base + "/api/videos?page_size=1", headers=headers, timeout=PATIENCE_S)
            assert answer.json()["next"] == "https://example.org/news.reel/api/videos?page_number=2&page_size=1"
            assert "evil" not in str(answer.headers)
            assert 'href="https://example.org/news.reel/feeds/videos.atom"' in requests.get(one.url + base + "/feeds/videos.atom", headers=headers, timeout=PATIENCE_S).text
        problem = requests.get(one.url + base + "/api/nothing", timeout=PATIENCE_S)
        assert problem.status_code == 404 and problem.headers["Content-Type"] == "application/problem+json"
    cookie = sign_in(one, Origin="https://example.org").headers["Set-Cookie"]
    assert "; Path=/news.reel; " in cookie and cookie.endswith("; Secure")
    assert sign_in(one, Origin="https://evil.example").status_code == 403
