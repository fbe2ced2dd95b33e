/** What ssh-audit says of each profile of algorithms: https://github.com/jtesta/ssh-audit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { AlgorithmProfile } from '../../ssh/algorithms.ts';
import { has } from './missing.ts';
import { startLibraryServer } from './nacre-server.ts';
import { newer, newerProgram } from './newer-peers.ts';
import { run } from './run.ts';
import { startDeadline, type RunningServer } from './running-server.ts';

interface Audited {
  readonly algorithm: string;
  readonly notes: { readonly fail?: readonly string[]; readonly warn?: readonly string[] };
}
type Report = Readonly<Record<'kex' | 'key' | 'enc' | 'mac', readonly Audited[]>>;

/** `algorithm: fail|warn: what`, of everything that is not praised. */
async function complaints({ host, port }: RunningServer): Promise<string[]> {
  const home = mkdtempSync(join(tmpdir(), 'nacre-audit-'));
  try {
    const args = ['--json', '--skip-rate-test', '--port', String(port), host];
    const { stdout } = await run({ file: newerProgram('ssh-audit'), args }, { home });
    const report = JSON.parse(stdout.toString()) as Report;
    const all = [...report.kex, ...report.key, ...report.enc, ...report.mac];
    expect(all.map(({ algorithm }) => algorithm)).toContain('mlkem768x25519-sha256');
    return all.flatMap(({ algorithm, notes }) => [
      ...(notes.fail ?? []).map(note => `${algorithm}: fail: ${note}`),
      ...(notes.warn ?? []).map(note => `${algorithm}: warn: ${note}`),
    ]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

// the profile, what may be complained of, and why we offer it all the same
const profiles: Array<[profile: AlgorithmProfile, mayBeSaid: RegExp[], why: string]> = [
  ['strict', [], 'nothing at all'],
  ['modern', [/^curve25519-sha256\S*: warn: .*post-quantum/], 'that curve25519 is no post-quantum method'],
  [
    'compatible',
    [
      /^curve25519-sha256\S*: warn: .*post-quantum/,
      /^ecdh-sha2-nistp\d+: fail: /,
      /^ecdh-sha2-nistp\d+: warn: .*post-quantum/,
      /^diffie-hellman-group16-sha512: warn: .*post-quantum/,
      /^hmac-sha2-(256|512): warn: using encrypt-and-MAC mode/,
    ],
    'what older peers need: NIST curves and encrypt-and-MAC',
  ],
];

if (has(newer('ssh-audit ≥ 3.3', 'ssh-audit'))) {
  describe('of what a profile offers, ssh-audit complains', () => {
    for (const [profile, mayBeSaid, why] of profiles) {
      test(
        `${profile}: ${why}`,
        async () => {
          const server = await startLibraryServer({ algorithms: profile });
          try {
            const said = await complaints(server);
            expect(said.filter(complaint => !mayBeSaid.some(pattern => pattern.test(complaint)))).toEqual([]);
          } finally {
            await server.close();
          }
        },
        startDeadline,
      );
    }
  });
}
