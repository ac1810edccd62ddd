import signal

import pytest

from newsreel import KEY, Newsreel, YouTube, wait_for

measurements = []


def pytest_configure():
    """Who ends us early, as tests/run does after a while, leaves no process behind either: TERM unwinds the fixtures as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)



def pytest_terminal_summary(terminalreporter):
    for line in measurements:
        terminalreporter.write_line(line)


@pytest.fixture
def measured():
    """A list for what a test measured; it is shown at the end."""
    return measurements


@pytest.fixture(scope="session")
def youtube():
    sim = YouTube()
    yield sim
    sim.close()


@pytest.fixture
def newsreel():
    """Makes instances of newsreel, not yet started, and takes all of them away again."""
    made = []

    def make(*arguments, **variables):
        made.append(Newsreel(*arguments, **variables))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def running(newsreel, youtube):
    """One that records from the stand-in for YouTube, and has videos already."""
    one = newsreel(youtube, YOUTUBE_API_KEYS=KEY).start()
    wait_for(lambda: one.count() >= 50, "the first videos")
    return one


@pytest.fixture(scope="module")
def site(youtube):
    """The same, shared by the tests of a file that only look."""
    one = Newsreel(youtube, YOUTUBE_API_KEYS=KEY)
    try:
        one.start()
        wait_for(lambda: one.count() >= 50, "the first videos")
        yield one
    finally:
        one.close()
