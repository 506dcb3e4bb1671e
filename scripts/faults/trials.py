"""The trials. Each returns what was counted, and what should not have happened."""

import random
import resource
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from scripts.faults import visitor
from scripts.faults.mail_server import BadMailServer
from scripts.faults.site import TrialSite

_ROWS = "print(json.dumps([e.reference for e in Enquiry.objects.all()]))"
_BY_NAME = "print(json.dumps([e.full_name for e in Enquiry.objects.all()]))"


@dataclass
class Outcome:
    """What a trial counted, and its failures in words."""

    counted: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def expect(self, holds: bool, words: str) -> None:
        """Note a failure unless it holds."""
        if not holds:
            self.failures.append(words)


def killed_at_random(site: TrialSite, mail: BadMailServer, submissions: int = 500) -> Outcome:
    """SIGKILL at random while visitors send; what was confirmed is there once, and is mailed."""
    outcome, stop, kills = Outcome(), threading.Event(), [0]
    mail.taken.clear()
    site.start()

    def kill_now_and_then() -> None:
        chance = random.Random(7)  # noqa: S311  (no secret)
        while not stop.wait(chance.uniform(1.5, 5.0)):
            site.kill()
            kills[0] += 1
            site.start()

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    with ThreadPoolExecutor(16) as pool:
        confirmed = list(
            pool.map(
                lambda n: visitor.send_until_confirmed(site.address, n, 120), range(submissions)
            )
        )
    stop.set()
    killer.join()
    rows = Counter(site.ask(_ROWS))
    people = Counter(site.ask(_BY_NAME))
    site.let_time_pass()
    waiting = site.drain(120)
    site.kill()
    seen = [reference for reference in confirmed if reference]
    outcome.counted = {
        "submissions": submissions,
        "kills": kills[0],
        "confirmed": len(seen),
        "confirmed and missing": sum(not rows[reference] for reference in seen),
        "stored twice": sum(count > 1 for count in people.values()),
        "mails": len(mail.taken),
        "mails still waiting": waiting,
        "mails sent twice": sum(count > 1 for count in mail.taken.values()),
    }
    outcome.expect(len(seen) == submissions, "not every visitor saw a confirmation in the end")
    outcome.expect(all(rows[reference] == 1 for reference in seen), "a confirmed one is missing")
    outcome.expect(max(people.values()) == 1, "one form became two enquiries")
    outcome.expect(waiting == 0, "mail was left over")
    outcome.expect(len(mail.taken) == 2 * len(people), "a mail is missing")
    return outcome


def all_at_once(site: TrialSite, mail: BadMailServer, people: int = 200) -> Outcome:
    """200 visitors press the button at the same moment."""
    outcome, gate = Outcome(), threading.Barrier(people)
    site.start()
    tokens = [visitor.open_form(site.address, time.monotonic() + 30) for _ in range(people)]

    def press(number: int) -> tuple[int, float]:
        gate.wait()
        begun = time.monotonic()
        form = visitor.answers(10_000 + number, tokens[number])
        return visitor.send(site.address, form).status, time.monotonic() - begun

    with ThreadPoolExecutor(people) as pool:
        results = list(pool.map(press, range(people)))
    own = {f"Visitor {10_000 + number}" for number in range(people)}
    stored = sum(name in own for name in site.ask(_BY_NAME))
    site.kill()
    statuses = Counter(status for status, _ in results)
    outcome.counted = {
        "submissions": people,
        "confirmed": statuses[303],
        "stored": stored,
        "slowest answer, seconds": round(max(seconds for _, seconds in results), 1),
    }
    outcome.expect(statuses[303] == people, f"answers were {dict(statuses)}")
    outcome.expect(stored == people, "not all of them were stored")
    return outcome


def locked_for_ten_seconds(site: TrialSite, mail: BadMailServer) -> Outcome:
    """Another program holds the SQLite database for 10 s: the visitor waits, and is confirmed."""
    outcome = Outcome()
    site.start()
    token = visitor.open_form(site.address, time.monotonic() + 30)
    other = sqlite3.connect(f"{site.folder}/db.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(10, lambda: None).start()
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(visitor.send, site.address, visitor.answers(20_000, token))
        time.sleep(10)
        other.execute("ROLLBACK")
        other.close()
        answer = sent.result()
    seconds = time.monotonic() - begun
    site.kill()
    outcome.counted = {"status": answer.status, "seconds": round(seconds, 1)}
    outcome.expect(answer.status == 303, "the enquiry was not confirmed")
    return outcome


def disk_full(site: TrialSite, mail: BadMailServer) -> Outcome:
    """No file may grow while somebody sends: a clear page, the words kept, nothing broken."""
    outcome = Outcome()
    site.start()
    token = visitor.open_form(site.address, time.monotonic() + 30)
    # As on a full disk, a write fails half-way: no file may grow beyond a few bytes.
    limit = 4096
    for process in site.processes():
        resource.prlimit(process, resource.RLIMIT_FSIZE, (limit, limit))
    answer = visitor.send(site.address, visitor.answers(30_000, token, message="Kept, I hope."))
    site.kill()
    with sqlite3.connect(f"{site.folder}/db.sqlite3") as database:
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
    site.start()
    later = visitor.send(site.address, visitor.answers(30_000, token, message="Kept, I hope."))
    site.kill()
    outcome.counted = {
        "status": answer.status,
        "words kept": "Kept, I hope." in answer.body,
        "telephone shown": "01632" in answer.body,
        "database": whole,
        "same form again when there is room": later.status,
    }
    outcome.expect(answer.status == 503, "the visitor was not told that it was not sent")
    outcome.expect("Kept, I hope." in answer.body, "the words were lost")
    outcome.expect("01632" in answer.body, "no telephone number was shown")
    outcome.expect(whole == "ok", "the database is damaged")
    outcome.expect(later.status == 303, "sending again did not work")
    return outcome


def odd_input(site: TrialSite, mail: BadMailServer) -> Outcome:
    """A 10 MB body, and every kind of text that programs trip over, in every field."""
    outcome, statuses = Outcome(), Counter[int]()
    site.start()
    token = visitor.open_form(site.address, time.monotonic() + 30)
    big = visitor.send(site.address, visitor.answers(40_000, token, message="x" * 10_000_000))
    texts = odd_texts()
    for number, text in enumerate(texts):
        for name in ("full_name", "email", "telephone", "message", "condition", "form_token"):
            form = visitor.answers(41_000 + number, token) | {name: text}
            encoded = "&".join(
                f"{key}={quote(value.encode('utf-8', 'surrogatepass'))}"
                for key, value in form.items()
            )
            statuses[visitor.ask(site.address, "POST", "/contact/?send", encoded).status] += 1
    site.kill()
    outcome.counted = {
        "10 MB": big.status,
        "texts": len(texts),
        "posts": statuses.total(),
        **{f"answered {status}": count for status, count in sorted(statuses.items())},
    }
    outcome.expect(big.status == 422, "10 MB were not answered with a kind error")
    outcome.expect(not set(statuses) - {303, 422, 400}, f"answers were {dict(statuses)}")
    return outcome


def odd_texts() -> list[str]:
    """Return texts that programs trip over. Ours, by kinds of trouble."""
    return [
        "", " ", "\x00", "a\x00b", "\ufeff", "\ud800", "\udfff\ud800", "\u202eevitcepsrep",
        "\u200b\u200c\u200d\u2060", "e\u0301" * 50,
        "Z" + "\u0335\u0321\u0489" * 60, "👩‍👩‍👧‍👦" * 20,
        "𝕊𝕒𝕞", "ﷺ", "ß", "İstanbul", "ıIiİ", "中文测试", "שלום\u200f", "مرحبا", "नमस्ते", "ไทย",
        "null", "None", "undefined", "NaN", "Infinity", "-1", "1e309", "0x10", "१२३", "true",
        "' OR 1=1 --", "\"; DROP TABLE enquiries_enquiry; --", "${7*7}", "{{7*7}}", "{% debug %}",
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)",
        "]]>", "<!--", "&lt;&amp;&#0;&#x110000;", "%s%s%n", "%00", "%0d%0aBcc: x@example.com",
        "a\r\nBcc: b@example.com", "a\nSubject: c", "../../../../etc/passwd", "C:\\con\\con",
        "CON", "=1+1", "+441632960123", "@SUM(A1)", "-2+3", "\t=1", "`id`", "$(id)", "|| id",
        "a" * 5000, "word " * 3000, "🙂" * 4000, "\n" * 5000, "(" * 5000, "a@" * 2000,
        "http://" * 500, "test@example.com\x00", "x@[127.0.0.1]", "\"a b\"@example.com",
        "a" * 300 + "@example.com", "用户@例子.公司", "0" * 100, "+" * 60, "tel:999",
        "\u2028\u2029", "\x85", "\x1b[31mred", "\x7f\x80\x9f", "\uffff\ufffe", "\U0010ffff",
        "ｆｕｌｌ　ｗｉｄｔｈ", "Ⅳ①⑩", "ǆ ǅ Ǆ", "ﬁﬂ", "½¾", "٠١٢٣", "1;2;3", "\\u0000",
        "\\", "\\\"",
    ]  # fmt: skip
