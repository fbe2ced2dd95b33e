"""One session channel, request by request, with paramiko: what ssh(1) does not send, and all that comes back in order.

Each argument is a step, NAME or NAME:VALUE; escapes such as \\xff in a value are bytes. Prints replies, output and events.
usage: raw_requests.py HOST PORT USER KEY STEP...
"""
import socket
import struct
import sys
import threading

import paramiko
from paramiko.common import cMSG_CHANNEL_CLOSE, cMSG_CHANNEL_REQUEST

host, port, user, key, *steps = sys.argv[1:]
changed = threading.Condition()
events = []
output = {"out": b"", "err": b""}


def note(event):
    with changed:
        if not events or events[-1] != event:
            events.append(event)
        changed.notify_all()


def kept(name, text):
    with changed:
        output[name] += text
    note(name)


class Channel(paramiko.Channel):
    """Tells what arrives instead of keeping it, and keeps the window open."""

    def _feed(self, m):
        kept("out", m if isinstance(m, bytes) else m.get_binary())

    def _feed_extended(self, m):
        m.get_int()
        kept("err", m.get_binary())

    def _handle_eof(self, m):
        note("EOF")

    def _handle_close(self, m):
        note("CLOSE")
        super()._handle_close(m)

    def _handle_request(self, m):
        name = m.get_text()
        m.get_boolean()
        if name == "exit-status":
            note(f"exit-status {m.get_int()}")
        elif name == "exit-signal":
            note(f"exit-signal {m.get_text()} core={int(m.get_boolean())} message={m.get_text()!r}")
        elif name != "eow@openssh.com":
            note(name)

    def _request_success(self, m):
        note("success")

    def _request_failed(self, m):
        note("failure")


paramiko.Transport._channel_handler_table[99] = Channel._request_success
paramiko.Transport._channel_handler_table[100] = Channel._request_failed
for number, handler in ((94, Channel._feed), (95, Channel._feed_extended), (96, Channel._handle_eof),
                        (97, Channel._handle_close), (98, Channel._handle_request)):
    paramiko.Transport._channel_handler_table[number] = handler
paramiko.transport.Channel = Channel

transport = paramiko.Transport(socket.create_connection((host, int(port))))
transport.connect(username=user, pkey=paramiko.Ed25519Key.from_private_key_file(key))
transport.clear_to_send.wait()
channel = transport.open_session()


def request(name, *fields, reply=True, wait_for_it=True):
    m = paramiko.Message()
    m.add_byte(cMSG_CHANNEL_REQUEST)
    m.add_int(channel.remote_chanid)
    m.add_string(name)
    m.add_boolean(reply)
    for field in fields:
        m.add_int(field) if isinstance(field, int) else m.add_string(field)
    before = len(events)
    transport._send_user_message(m)
    if reply and wait_for_it:
        wait(lambda: any(e in ("success", "failure", "CLOSE") for e in events[before:]))
        with changed:
            for at in range(before, len(events)):
                if events[at] in ("success", "failure"):
                    print(f"{name}: {events.pop(at)}")
                    break


def wait(condition, seconds=20):
    """Until it holds, the connection is over, or so many seconds have passed."""
    with changed:
        for _ in range(seconds * 10):
            if changed.wait_for(condition, 0.1) or not transport.is_active():
                return
        print("timeout")


ALL_MODES = b"".join(
    struct.pack(">BI", op, value)
    for op, value in [(n, 16 + n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 18)]
    + [(n, 1) for n in (30, 31, 32, 33, 34, 35, 37, 39, 40, 41, 56, 57, 58, 71, 73, 74, 75)]
    + [(n, 0) for n in (36, 38, 42, 50, 51, 53, 54, 55, 59, 60, 61, 70, 72)]
    + [(128, 9600), (129, 9600)]
) + b"\0"


def plain(text):
    return text.encode("utf-8", "surrogateescape").decode("latin1").encode("latin1").decode("unicode_escape").encode("latin1")


def pty(term="xterm", modes=b"\0"):
    request("pty-req", term, 80, 24, 640, 480, modes)


def resize(text, reply=False):
    request("window-change", *map(int, text.split(",")), reply=reply)


run = {
    "env": lambda v: request("env", *v.split(b"=", 1)),
    "pty": lambda v: pty(*([v] if v else [])),
    "no-term": lambda v: pty(b""),
    "modes": lambda v: pty("xterm", ALL_MODES),
    "exec": lambda v: request("exec", v),
    "long": lambda v: request("exec", b"echo " + b"x" * int(v)),
    "shell": lambda v: request("shell"),
    "type": lambda v: channel.sendall(v),
    "pour": lambda v: channel.sendall(b"x" * int(v)),
    "expect": lambda v: wait(lambda: v in output["out"]),
    "hear": lambda v: hear(v.decode()),
    "eof": lambda v: channel.shutdown_write(),
    "signal": lambda v: request("signal", v),
    "break": lambda v: request("break", 500),
    "request": lambda v: request(v),
    "ask": lambda v: request(v, wait_for_it=False),
    "resize": lambda v: resize(v.decode()),
    "storm": lambda v: [resize(f"{40 + n % 100},{10 + n % 50},0,0") for n in range(500)] and None,
    "quiet": lambda v: wait_quiet(),
    "flow": lambda v: wait_flow(),
    "close": lambda v: wait(lambda: "CLOSE" in events),
    "send-close": lambda v: send_close(),
}


def send_close():
    """Ours comes first, without EOF; paramiko then has nothing to answer the other one with."""
    m = paramiko.Message()
    m.add_byte(cMSG_CHANNEL_CLOSE)
    m.add_int(channel.remote_chanid)
    transport._send_user_message(m)
    channel.closed = True


def hear(event):
    wait(lambda: event in events)
    print(f"heard {event}" if event in events else f"no {event}")


def wait_quiet():
    """Nothing comes any more: so much time is what a stopped terminal can only be told by. What is on its way may come."""
    for _ in range(60):
        before = len(output["out"])
        with changed:
            if not changed.wait_for(lambda: len(output["out"]) > before, 0.3):
                return print("stopped")
    print("flowing")


def wait_flow():
    """Something comes again."""
    before = len(output["out"])
    wait(lambda: len(output["out"]) > before)
    print("flowing" if len(output["out"]) > before else "stopped")


try:
    for step in [*steps, "close"]:
        name, _, value = step.partition(":")
        run[name](plain(value))
except (OSError, EOFError, paramiko.SSHException):
    pass  # disconnected, which is told below

print(f"out {output['out'][:4000].decode('latin1')!r}")
print(f"err {output['err'][:4000].decode('latin1')!r}")
print(f"events {', '.join(events)}" if transport.is_active() else "disconnected")
sys.stdout.flush()
transport.close()
