/** What every SSH client must get from a server, as tests: declared once, run for each client and each server. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import type { Peer } from './peers.ts';
import { run } from './run.ts';
import { startDeadline, type RunningServer } from './running-server.ts';

/** 1 MB in which every byte value stands next to many others, so that no text conversion goes unseen. */
const everyByte = Buffer.from(
  Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 7 + (index >> 8) * 13) & 255),
);

/** Declare the facts for `peers` against the server that `start` starts; it is stopped at the end. */
export function clientFacts(start: () => Promise<RunningServer>, peers: readonly Peer[]): void {
  let server: RunningServer;
  beforeAll(async () => void (server = await start()), startDeadline);
  afterAll(() => server.close());
  for (const peer of peers) describe(peer.name, () => (has(peer) ? peerFacts(peer, () => server) : undefined));
}

function peerFacts(peer: Peer, server: () => RunningServer): void {
  let login: Login;
  beforeAll(() => {
    login = makeLogin(server());
    peer.prepare?.(login);
  });
  afterAll(() => login.remove());

  const exec = (command: string, stdin: string | Uint8Array = '') =>
    run(peer.exec(login, command), { stdin, holdStdin: !peer.outlivesStdin, home: login.home });

  test('a shell on a terminal does what is typed and passes on its exit code', async () => {
    const outcome = await run(peer.shell(login), { stdin: 'tty; echo is-$((6 * 7))\nexit 7\n', home: login.home });
    expect(outcome.stdout.toString()).toMatch(/\/dev\/pts\/\d+[^]*is-42/);
    expect(outcome.code).toBe(7);
  });

  test('a command has no terminal, and its output arrives as it is', async () => {
    const outcome = await exec('tty; printf "a\\nb"');
    expect(outcome.stdout.toString()).toBe('not a tty\na\nb');
    expect(outcome.code).toBe(0);
  });

  test('exit 7 is 7', async () => expect((await exec('exit 7')).code).toBe(7));

  test('exit 7 is 7 a second after the command has closed its outputs, though PuTTY closes the channel with them', async () =>
    expect((await exec('exec >&- 2>&-; sleep 1; exit 7')).code).toBe(7));

  test('a command that SIGTERM ended is told as the client tells it', async () => {
    expect(peer.tellsSigterm(await exec('kill -TERM $$'))).toEqual(peer.sigterm);
  });

  test('standard output and standard error stay apart', async () => {
    const outcome = await exec('echo out; echo err >&2');
    expect(outcome.stdout.toString()).toBe('out\n');
    expect(outcome.stderr.toString()).toBe('err\n');
  });

  test('1 MB of all byte values comes back unchanged', async () => {
    const outcome = await exec(peer.outlivesStdin ? 'cat' : `head -c ${everyByte.length}`, everyByte);
    expect(outcome.stdout.length).toBe(everyByte.length);
    expect(outcome.stdout.equals(everyByte)).toBe(true);
    expect(outcome.code).toBe(0);
  });
}
