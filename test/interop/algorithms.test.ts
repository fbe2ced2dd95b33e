/**
 * OpenSSH's client through every key exchange, cipher and MAC that it shares with us: one command with data each, and
 * new keys again and again in the middle of bulk, both ways.
 */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { algorithmProfiles } from '../../ssh/algorithms.ts';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { startLibraryServer } from './nacre-server.ts';
import { newer, newerProgram } from './newer-peers.ts';
import { peers, sshOptions } from './peers.ts';
import { run, type Outcome } from './run.ts';
import { startDeadline, type RunningServer } from './running-server.ts';

const { kex, ciphers, macs } = algorithmProfiles.compatible;

/** A packet of a few bytes and many full ones. */
const data = Buffer.from(Uint8Array.from({ length: 300_001 }, (_, index) => (index * 7 + (index >> 8)) & 255));
/** For new keys every megabyte, several of which must come. */
const bulk = Buffer.from(Uint8Array.from({ length: 6_000_000 }, (_, index) => (index * 13 + (index >> 9)) & 255));

const clients = [
  { program: 'ssh', needed: peers.find(({ name }) => name === 'OpenSSH ssh') },
  { program: newerProgram('ssh'), needed: newer('OpenSSH ≥ 10.1', 'ssh') },
];

let server: RunningServer;
let login: Login;
beforeAll(async () => {
  server = await startLibraryServer({ algorithms: 'compatible' });
  login = makeLogin(server);
}, startDeadline);
afterAll(async () => {
  login.remove();
  await server.close();
});

for (const { program, needed } of clients) {
  if (needed && has(needed)) describe(needed.name, () => clientFacts(program));
}

function clientFacts(program: string): void {
  const known = (what: string): string[] => execFileSync(program, ['-Q', what], { encoding: 'utf8' }).split('\n');
  const cat = (stdin: Uint8Array, ...options: string[]): Promise<Outcome> => {
    // The first that is said of an option counts.
    const args = [...options.flatMap(option => ['-o', option]), ...sshOptions(login), login.host, 'cat'];
    return run({ file: program, args }, { stdin, home: login.home });
  };

  // `ssh -Q` asks, and the option that then leaves the client no choice.
  const choices: Array<[what: string, ours: readonly string[], options: (name: string) => string[]]> = [
    ['kex', kex, name => [`KexAlgorithms=${name}`]],
    ['cipher', ciphers, name => [`Ciphers=${name}`]],
    ['mac', macs, name => ['Ciphers=aes128-ctr', `MACs=${name}`]],
  ];
  for (const [what, ours, options] of choices) {
    const shared = ours.filter(name => known(what).includes(name));
    test.each(shared)(`%s: data comes back as it went (${what})`, async name => {
      const outcome = await cat(data, ...options(name));
      expect(outcome.stderr.toString()).toBe('');
      expect(outcome.stdout.equals(data)).toBe(true);
      expect(outcome.code).toBe(0);
    });
  }

  test.each([...ciphers])('%s: new keys after every megabyte, both ways at once, lose nothing', async name => {
    const outcome = await cat(bulk, `Ciphers=${name}`, 'RekeyLimit=1M', 'LogLevel=DEBUG1');
    expect(outcome.stdout.equals(bulk)).toBe(true);
    const exchanges = outcome.stderr.toString().match(/SSH2_MSG_NEWKEYS received/g) ?? [];
    expect(exchanges.length).toBeGreaterThan(5);
    expect(outcome.code).toBe(0);
  });
}
