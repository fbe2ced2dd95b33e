"""paramiko as a command-line client: exec or shell, standard streams passed through, the exit code passed on.

usage: paramiko_client.py exec|shell HOST PORT USER KEY KNOWN_HOSTS [COMMAND]
"""
import os
import sys
import threading

import paramiko

mode, host, port, user, key, known_hosts, *command = sys.argv[1:]

client = paramiko.SSHClient()
client.load_host_keys(known_hosts)
client.set_missing_host_key_policy(paramiko.RejectPolicy())
client.connect(host, int(port), user, key_filename=key, look_for_keys=False, allow_agent=False, timeout=10)

channel = client.get_transport().open_session()
if mode == "shell":
    channel.get_pty("xterm", 80, 24)
    channel.invoke_shell()
else:
    channel.exec_command(command[0])


def feed():
    while data := os.read(0, 32768):
        channel.sendall(data)
    channel.shutdown_write()


def copy(receive, fd):
    while data := receive(32768):
        while data:
            data = data[os.write(fd, data):]


threads = [
    threading.Thread(target=feed, daemon=True),
    threading.Thread(target=copy, args=(channel.recv_stderr, 2)),
]
for thread in threads:
    thread.start()
copy(channel.recv, 1)
threads[1].join()
status = channel.recv_exit_status()
client.close()
sys.stdout.flush()
os._exit(status & 255)
