"""asyncssh as a command-line client: exec or shell, standard streams passed through, the exit code passed on.

A command that a signal ended is told on standard error as "signal NAME".
usage: asyncssh_client.py exec|shell HOST PORT USER KEY KNOWN_HOSTS [COMMAND]
"""
import asyncio
import os
import sys

import asyncssh

errors = os.dup(2)
mode, host, port, user, key, known_hosts, *command = sys.argv[1:]


async def main():
    async with asyncssh.connect(
        host, int(port), username=user, client_keys=[key], known_hosts=known_hosts, agent_path=None, config=None
    ) as connection:
        process = await connection.create_process(
            command[0] if command else None,
            term_type="xterm" if mode == "shell" else None,
            encoding=None,
            stdin=sys.stdin.buffer,
            stdout=sys.stdout.buffer,
            stderr=sys.stderr.buffer,
        )
        result = await process.wait()
        if result.exit_signal:
            # asyncssh has closed sys.stderr, so write to a descriptor of our own.
            os.write(errors, f"signal {result.exit_signal[0]}\n".encode())
            return 255
        return result.exit_status


sys.exit(asyncio.run(main()))
