"""asyncssh as a command-line client: exec or shell, standard streams passed through, the exit code passed on.

What arrives is written here, not by asyncssh: it leaves what a pipe did not take to an event loop that ends with the
program, and loses it. A command that a signal ended is told on standard error as "signal NAME".
usage: asyncssh_client.py exec|shell HOST PORT USER KEY KNOWN_HOSTS [COMMAND]
"""
import asyncio
import sys

import asyncssh

mode, host, port, user, key, known_hosts, *command = sys.argv[1:]


async def pass_on(reader, file):
    while data := await reader.read(65536):
        file.write(data)
        file.flush()


async def main():
    async with asyncssh.connect(
        host, int(port), username=user, client_keys=[key], known_hosts=known_hosts, agent_path=None, config=None
    ) as connection:
        process = await connection.create_process(
            command[0] if command else None,
            term_type="xterm" if mode == "shell" else None,
            encoding=None,
            stdin=sys.stdin.buffer,
        )
        await asyncio.gather(
            pass_on(process.stdout, sys.stdout.buffer), pass_on(process.stderr, sys.stderr.buffer), process.wait_closed()
        )
        if process.exit_signal:
            print(f"signal {process.exit_signal[0]}", file=sys.stderr)
            return 255
        return process.exit_status


sys.exit(asyncio.run(main()))
