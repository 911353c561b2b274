"""Sending under everything: the connection cut at every byte around the end of the message in either direction, the
program killed at every step it takes on the disk, then for some minutes a window and command lines in one profile,
killed at random steps, while the provider answers at random. What counts is what the provider durably has, by
Message-ID: never two; and every state must be true. Ends with 1 where something was not so.

Run by hand: `python -m tests.soak.sending --minutes 10`. Killing at steps on the disk needs Linux and a compiler.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pecdesk.app import App
from pecdesk.errors import PecdeskError
from pecdesk.pec.sending import SendState
from pecdesk.profile import Profile
from pecdesk.profile.accounts import Account, Endpoint, Security
from tests.kit import failing_disk
from tests.kit.failing_disk import FailingDisk, How, read_steps
from tests.kit.fault_proxy import FaultProxy, Plan, Way
from tests.kit.smtp_server import END, Behaviour, SmtpServer
from tests.soak.crash import is_page
from tests.soak.figures import Figures

AROUND = 12
"""Bytes before and behind the end of the data at which the connection is cut."""
STEPS = 120
"""About as many steps on the disk as handing one message over takes."""
PATIENCE = 60.0

NOT_SENT = (SendState.QUEUED, SendState.REFUSED)


class Office:
    """A profile with one account at the provider, and what it has sent."""

    def __init__(self, root: Path, server: SmtpServer, port: int) -> None:
        self.root = root
        self.profile = Profile.open(root / "profile")
        self.server = server
        self.number = 0
        secret = root / "password"
        secret.write_text(server.password)
        imap = Endpoint("127.0.0.1", 9, Security.PLAIN)
        smtp = replace(server.endpoint, port=port)
        with App(self.profile) as app:
            app.servers.add(Account(server.user, imap, smtp, password_command=f"cat {secret}"), None, datetime.now(UTC))

    def letter(self) -> Path:
        """A new message as a file; all are of one length."""
        self.number += 1
        path = self.root / f"{self.number:06}.eml"
        path.write_bytes(
            (
                f"From: <{self.server.user}>\r\nTo: <lucia@posta.example>\r\nSubject: Invio {self.number:06}\r\n"
                f"Date: Sun, 22 Nov 2026 10:30:00 +0000\r\nMessage-ID: <{self.number:06}@pec.gestore.example>\r\n"
                "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n" + ".Buongiorno.\r\n" * 20
            ).encode()
        )
        return path

    def lies(self) -> list[str]:
        """What is not true of what the outbox says. The profile must be opened by nobody."""
        taken = Counter(mail.message_id.strip("<>") for mail in self.server.stored)
        found = [f"{name} was taken {times} times" for name, times in taken.items() if times > 1]
        known = set()
        with App(self.profile) as app:
            for sending in app.store.sendings(*SendState):
                times = taken[sending.message_id]
                known.add(sending.message_id)
                if sending.state is SendState.SENDING:
                    found.append(f"{sending.message_id} is being sent by nobody")
                if sending.state in NOT_SENT and times:
                    found.append(f"{sending.message_id} is {sending.state} and was taken")
                if sending.state is SendState.PENDING and not times:
                    found.append(f"{sending.message_id} is {sending.state} and was not taken")
        return found + [f"{name} was taken and is not known" for name in taken.keys() - known]

    def heal(self) -> Counter[str]:
        """Everything works again, and a day later: what waits leaves. How many are in which state then."""
        self.server.behaviours[:] = [Behaviour()]
        with App(self.profile) as app:
            app.clock = lambda: datetime.now(UTC) + timedelta(days=1)
            for _ in range(2):
                app.outgoing.deliver_now()
            return Counter(str(sending.state) for sending in app.store.sendings(*SendState))


def cut_everywhere(office: Office, proxy: FaultProxy) -> list[str]:
    """One message for each byte around the end, and for each byte of each answer from 354 on."""
    with App(office.profile) as app:

        def send() -> SendState:
            path = office.letter()
            app.outgoing.send_file(path, office.server.user, None, datetime.now(UTC))
            app.outgoing.deliver_now()
            (found,) = app.store.sendings_as(f"{office.number:06}@pec.gestore.example")
            return found.state

        assert send() is SendState.PENDING
        up, down = (bytes(proxy.links[0].passed[way]) for way in (Way.UP, Way.DOWN))
        end, answer = up.index(END) + len(END), down.index(b"354 ")
        plans = [Plan(Way.UP, cut_after=at) for at in range(end - AROUND, end + 7)]
        plans += [Plan(Way.DOWN, cut_after=at) for at in range(answer, len(down) + 1)]
        states: Counter[str] = Counter()
        for plan in plans:
            proxy.plan(plan)
            states[f"{plan.way} {send()}"] += 1
            app.clock = lambda: datetime.now(UTC)
    told = ", ".join(f"{times} {name}" for name, times in sorted(states.items()))
    print(f"cut at {len(plans)} places: {told}", flush=True)
    return office.lies()


def killed_everywhere(office: Office, disk: FailingDisk) -> list[str]:
    """One message for each step that sending takes on the disk, and each way in which it ends there."""
    log = office.root / "steps"

    def send(environment: dict[str, str]) -> int:
        words = ["--profile", str(office.profile.root), "send", str(office.letter()), "--account", office.server.user]
        return subprocess.run(
            [sys.executable, "-m", "pecdesk", *words], check=False, capture_output=True, env=environment
        ).returncode

    root = office.profile.root
    send(disk.environment(root, 0))  # the first time makes what is there afterwards
    send(disk.environment(root, 0, log=log))
    numbers = [step.number for step in read_steps(log) if not is_page(step)]
    wrong: list[str] = []
    for how in How:
        # Where there is no room, each run waits a minute for some.
        tried = numbers[::8] if how is How.FULL else numbers
        codes = Counter(send(disk.environment(root, number, how)) for number in tried)
        lies = office.lies()
        office.heal()
        lies += office.lies()
        wrong += lies
        for lie in lies[:5]:
            print(f"  {lie}")
        told = ", ".join(f"{times} with {code}" for code, times in sorted(codes.items()))
        print(f"{how} at {len(tried)} steps: ended {told}; complaints {len(lies)}", flush=True)
    return wrong


def behaviour(chance: random.Random) -> Behaviour:
    """How the provider treats the next visitor."""
    return chance.choice(
        (
            Behaviour(),
            Behaviour(answer=None),
            Behaviour(answer=None, stores=False),
            Behaviour(answer="451 4.3.0 later"),
            Behaviour(answer="554 5.7.1 no"),
            Behaviour(answer="gibberish"),
            Behaviour(cut_at=chance.randint(0, 600)),
            Behaviour(cut_on=chance.choice(("EHLO", "AUTH", "MAIL", "RCPT", "DATA"))),
            Behaviour(answers={"RCPT": "450 4.2.1 later"}),
            Behaviour(early="421 4.3.2 closing"),
        )
    )


def program(office: Office, chance: random.Random, disk: FailingDisk | None, *words: str) -> subprocess.Popen[str]:
    """One program in the profile; every other one dies at some step on the disk, or finds it full."""
    environment = None
    if disk is not None and chance.random() < 0.5:
        how = chance.choice(list(How))
        environment = disk.environment(office.profile.root, chance.randint(1, STEPS), how)
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def one_round(office: Office, chance: random.Random, disk: FailingDisk | None, done: Counter[str]) -> list[str]:
    """Some programs at once, each killed or left to end; then what the outbox says."""
    office.server.behaviours[:] = [*(behaviour(chance) for _ in range(6)), Behaviour()]
    root = str(office.profile.root)
    window = None
    if chance.random() < 0.6:
        window = program(office, chance, disk, "tests.soak.sending", "--window", root)
    lines = []
    for _ in range(chance.randint(1, 3)):
        words = ("pecdesk", "--profile", root, "send", str(office.letter()), "--account", office.server.user)
        lines.append(program(office, chance, disk, *words))
        threading.Event().wait(chance.random() * 0.6)
    if chance.random() < 0.3:
        chance.choice(lines).kill()
    said = [line.communicate(timeout=PATIENCE)[0] for line in lines]
    if window is not None:
        threading.Event().wait(chance.random() * 1.5)
        window.kill()
        said.append(window.communicate()[0])
    for process in (*lines, *([window] if window else [])):
        done[f"ended with {process.returncode}"] += 1
    bugs = [text for text in said if "Traceback" in text and "KeyboardInterrupt" not in text]
    return [*bugs, *office.lies()]


def stand_in_for_window(root: Path) -> None:
    """Hand over what is due, until killed."""
    with App(Profile.open(root)) as app:
        app.clock = lambda: datetime.now(UTC) + timedelta(hours=3)  # what was put off is due
        app.outgoing.start()
        threading.Event().wait(PATIENCE)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--minutes", type=float, default=10)
    words.add_argument("--seed", type=int, default=int(time.time()))
    words.add_argument("--window", type=Path, help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.window:
        stand_in_for_window(chosen.window)
        return
    print(f"seed {chosen.seed}", flush=True)
    chance = random.Random(chosen.seed)
    wrong: list[str] = []
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        disk = None if failing_disk.missing() else FailingDisk(folder)
        server = held.enter_context(SmtpServer(folder / "taken"))
        proxy = held.enter_context(FaultProxy(server.endpoint.port))
        (folder / "cut").mkdir()
        wrong += cut_everywhere(Office(folder / "cut", server, proxy.port), proxy)
        if disk is not None:
            another = held.enter_context(SmtpServer(folder / "taken too"))
            (folder / "steps").mkdir()
            wrong += killed_everywhere(Office(folder / "steps", another, another.endpoint.port), disk)
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        disk = None if failing_disk.missing() else FailingDisk(folder)
        server = held.enter_context(SmtpServer(folder / "taken"))
        (folder / "killed").mkdir()
        office = Office(folder / "killed", server, server.endpoint.port)
        done: Counter[str] = Counter()
        begun = told = time.monotonic()
        while time.monotonic() - begun < 60 * chosen.minutes:
            wrong += one_round(office, chance, disk, done)
            done["rounds"] += 1
            try:
                if done["rounds"] % 5 == 0:
                    office.heal()
                    wrong += office.lies()
            except PecdeskError as error:
                wrong.append(f"it does not heal: {error!r}")
            if time.monotonic() - told > 60 or wrong:
                told = time.monotonic()
                print(f"{(told - begun) / 60:6.1f} min {Figures.now()} {_told(done, office, wrong)}", flush=True)
            for complaint in wrong[:5]:
                print(f"  {complaint}")
            if wrong:
                break
        print(f"in the end: {dict(office.heal())}; {_told(done, office, wrong)}")
        wrong += office.lies()
    sys.exit(1 if wrong else 0)


def _told(done: Counter[str], office: Office, wrong: list[str]) -> str:
    ended = ", ".join(f"{name} {times}" for name, times in sorted(done.items()))
    return f"{office.number} messages, {len(office.server.stored)} taken, {ended}, complaints {len(wrong)}"


if __name__ == "__main__":
    main()
