"""asyncssh as a server of programs, with and without a terminal, as plainly as its documentation does it.

usage: asyncssh-server.py HOST-KEY AUTHORIZED-KEYS PORT SHELL
Port 0 is any that is free. It prints the port when it listens.
"""

import asyncio
import fcntl
import os
import signal
import sys
import termios

import asyncssh

host_key, authorized_keys, port, shell = sys.argv[1:]


def take_terminal(slave):
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


async def serve(process):
    arguments = ["-c", process.command] if process.command else []
    if process.get_terminal_type() is None:
        # Pipes of our own: asyncssh 2.10 reads a subprocess's twice at once when its channel was full, and falls over.
        (stdin, to), (out, stdout), (err, stderr) = os.pipe(), os.pipe(), os.pipe()
        child = await asyncio.create_subprocess_exec(
            shell, *arguments, stdin=stdin, stdout=stdout, stderr=stderr
        )
        for descriptor in (stdin, stdout, stderr):
            os.close(descriptor)
        await process.redirect(stdin=to, stdout=out, stderr=err, send_eof=False)
    else:
        master, slave = os.openpty()
        child = await asyncio.create_subprocess_exec(
            shell,
            *arguments,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            preexec_fn=lambda: take_terminal(slave),
        )
        os.close(slave)
        await process.redirect(stdin=os.dup(master), stdout=master, send_eof=False)
    status = await child.wait()
    await asyncio.gather(process.stdout.drain(), process.stderr.drain())
    if status < 0:
        process.exit_with_signal(signal.Signals(-status).name.removeprefix("SIG"))
    else:
        process.exit(status)


async def main():
    server = await asyncssh.create_server(
        asyncssh.SSHServer,
        "127.0.0.1",
        int(port),
        server_host_keys=[host_key],
        authorized_client_keys=authorized_keys,
        process_factory=serve,
        encoding=None,
        compression_algs=None,
        line_editor=False,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
