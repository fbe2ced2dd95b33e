/** How a program's end is said on the wire, RFC 4254 §6.10. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Message, signalNames } from '../../ssh/codes.ts';
import { exitMessage, wireSignal } from '../../ssh/exit-status.ts';
import { byte, message, uint32 } from '../../ssh/wire.ts';
import type { ExitStatus } from '../../transport/close-reason.ts';
import { text } from './messages.ts';

const exited = (code: number | null): ExitStatus => ({ code, signal: null, coreDumped: false });
const killed = (signal: string, coreDumped = false): ExitStatus => ({ code: null, signal, coreDumped });

/** string signal name, boolean core dumped, string error message, string language. */
const signalFields = (name: string, core: '00' | '01'): string =>
  `${name.length.toString(16).padStart(8, '0')}${Buffer.from(name).toString('hex')}${core}0000000000000000`;

// the end, the request, where that is written
const facts: Array<[status: ExitStatus, request: string, source: string]> = [
  [exited(0), '"exit-status" false 00000000', 'success'],
  [exited(7), '"exit-status" false 00000007', 'RFC 4254 §6.10'],
  [exited(255), '"exit-status" false 000000ff', 'the largest that a shell has'],
  [exited(null), '"exit-status" false 000000ff', 'nobody knows: 255, as ssh itself says for its own failures'],
  [exited(-1), '"exit-status" false ffffffff', 'Windows programs end so; it is a uint32 on the wire'],
  [killed('SIGTERM'), `"exit-signal" false ${signalFields('TERM', '00')}`, 'the name without SIG'],
  [killed('SIGSEGV', true), `"exit-signal" false ${signalFields('SEGV', '01')}`, 'core dumped'],
  [killed('SIGBUS'), `"exit-signal" false ${signalFields('BUS@openssh.com', '00')}`, 'not in the RFC: with a domain'],
];

for (const [status, request, source] of facts) {
  test(`${JSON.stringify(status)} is ${request.slice(0, 40)} (${source})`, () => {
    const payload = message(byte(Message.CHANNEL_REQUEST), uint32(3), ...exitMessage(status));
    expect(text(payload)).toBe(`CHANNEL_REQUEST 3 ${request}`);
  });
}

describe('signal names', () => {
  for (const name of 'ABRT ALRM FPE HUP ILL INT KILL PIPE QUIT SEGV TERM USR1 USR2'.split(' ')) {
    test(`SIG${name} is ${name} (RFC 4254 §6.10)`, () => expect(wireSignal(`SIG${name}`)).toBe(name));
  }

  for (const name of 'BUS TRAP STKFLT XCPU XFSZ SYS VTALRM PROF IO PWR TSTP'.split(' ')) {
    test(`SIG${name} is ${name}@openssh.com`, () => expect(wireSignal(`SIG${name}`)).toBe(`${name}@openssh.com`));
  }

  const { cases } = JSON.parse(readFileSync(new URL('../vectors/wire.json', import.meta.url), 'utf8')) as {
    cases: Array<{ name: string; result: string | string[] }>;
  };

  test('those of the RFC are those of Twisted', () => {
    const supported = cases.find(({ name }) => name === 'SUPPORTED_SIGNALS')!.result;
    expect([...signalNames]).toEqual(supported);
    // Twisted writes `SIGTERM` where the RFC has `TERM`, and `@linux` for the others; both are left out here.
    const named = cases.filter(({ name, result }) => name.startsWith('signal ') && !result.includes('@'));
    for (const { result } of named) expect(supported).toContain(wireSignal(String(result)));
  });
});
