/** The engine under our packets is the one that we know: an upgrade of ssh2 fails here, by name. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createEngine, encodeOffer, missingParts, PINNED_VERSION, type Engine } from '../../../ssh/ssh2/library.ts';

const require = createRequire(import.meta.url);

const direction = { cipher: ['aes128-ctr'], mac: ['hmac-sha2-256'], compress: ['none'], lang: [] };
const offer = encodeOffer({ kex: ['curve25519-sha256'], serverHostKey: ['ssh-ed25519'], cs: direction, sc: direction });
const ignore = (): void => undefined;

function newEngine(): Engine {
  const callbacks = { onWrite: ignore, onError: ignore, onHandshakeComplete: ignore };
  return createEngine({ server: true, ident: 'test', offer, hostKeys: {}, ...callbacks });
}

describe('the version of ssh2', () => {
  test('that is installed is the pinned one', () => {
    expect((require('ssh2/package.json') as { version: string }).version).toBe(PINNED_VERSION);
  });

  test('that package.json asks for is that one exactly, no range', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(manifest.dependencies['ssh2']).toBe(PINNED_VERSION);
  });
});

describe('an engine', () => {
  test('as installed has all its parts', () => expect(missingParts(newEngine())).toEqual([]));

  // the part that an upgrade might take away, and how
  const removals: Array<[part: string, remove: (engine: Record<string, unknown>) => void]> = [
    ...['start', 'parse', 'rekey', 'cleanup', '_onPayload', '_onHandshakeComplete', '_destruct'].map(
      (part): [string, (engine: Record<string, unknown>) => void] => [part, engine => (engine[part] = undefined)],
    ),
    ['_kexinit', engine => (engine['_kexinit'] = null)],
    ['_cipher.encrypt', engine => (engine['_cipher'] = {})],
    ['_packetRW.write.alloc', engine => without(engine, 'alloc')],
    ['_packetRW.write.finalize', engine => without(engine, 'finalize')],
    ['_packetRW.write.allocStart', engine => without(engine, 'allocStart')],
    ['_packetRW.write.allocStartKEX', engine => without(engine, 'allocStartKEX')],
  ];
  for (const [part, remove] of removals) {
    test(`without ${part} is refused by that name`, () => {
      const engine = newEngine();
      remove(engine as unknown as Record<string, unknown>);
      expect(missingParts(engine)).toEqual([part]);
    });
  }

  test('without anything is refused, not a crash', () => {
    const parts = missingParts({} as Engine);
    expect(parts).toEqual(expect.arrayContaining(['parse', '_cipher.encrypt', '_packetRW.write.alloc']));
  });
});

/** As if the writer of packets had lost one of its parts. */
function without(engine: Record<string, unknown>, part: string): void {
  const { write } = engine['_packetRW'] as { write: object };
  Object.defineProperty(write, part, { value: undefined });
}
