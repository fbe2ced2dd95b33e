/** The engine under our packets is the one that we know: an upgrade of ssh2 fails here, by name. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  missingExchangeParts,
  missingParts,
  PINNED_VERSION,
  sampleEngine,
  sampleKexInit,
  startKeyExchange,
  type Engine,
} from '../../../ssh/ssh2/library.ts';

const require = createRequire(import.meta.url);

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
  test('as installed has all its parts', () => expect(missingParts(sampleEngine())).toEqual([]));

  const called = ['_onPayload', '_onHandshakeComplete', '_onWrite', '_onError', '_onHeader'];
  // the part that an upgrade might take away, and how
  const removals: Array<[part: string, remove: (engine: Record<string, unknown>) => void]> = [
    ...['parse', '_parse', 'rekey', 'cleanup', '_destruct', ...called].map(
      (part): [string, (engine: Record<string, unknown>) => void] => [part, engine => (engine[part] = undefined)],
    ),
    ['_kexinit', engine => (engine['_kexinit'] = null)],
    ['_cipher.encrypt', engine => (engine['_cipher'] = { allocPacket: () => undefined })],
    ['_cipher.allocPacket', engine => (engine['_cipher'] = { encrypt: () => undefined })],
    ['_offer.lists.kex.array', engine => (engine['_offer'] = { lists: { kex: {} } })],
    ['_packetRW.write.alloc', engine => without(engine, 'alloc')],
    ['_packetRW.write.finalize', engine => without(engine, 'finalize')],
    ['_packetRW.write.allocStart', engine => without(engine, 'allocStart')],
    ['_packetRW.write.allocStartKEX', engine => without(engine, 'allocStartKEX')],
  ];
  for (const [part, remove] of removals) {
    test(`without ${part} is refused by that name`, () => {
      const engine = sampleEngine();
      remove(engine as unknown as Record<string, unknown>);
      expect(missingParts(engine)).toEqual([part]);
    });
  }

  test('without anything is refused, not a crash', () => {
    const parts = missingParts({} as Engine);
    expect(parts).toEqual(expect.arrayContaining(['parse', '_cipher.encrypt', '_packetRW.write.alloc']));
  });
});

describe('the exchange that an engine makes', () => {
  const newExchange = (): Record<string, unknown> => {
    const engine = sampleEngine();
    startKeyExchange(engine, sampleKexInit());
    return engine._kex as unknown as Record<string, unknown>;
  };

  test('as installed has all its parts', () => expect(missingExchangeParts(newExchange())).toEqual([]));

  for (const part of [
    ...['generateKeys', 'getPublicKey', 'convertPublicKey', 'computeSecret', 'finish', 'parse'],
    ...['_remoteKexinit', '_sentNEWKEYS', '_receivedNEWKEYS'],
  ]) {
    test(`without ${part} is refused by that name`, () => {
      expect(missingExchangeParts({ ...parts(newExchange()), [part]: undefined })).toEqual([`_kex.${part}`]);
    });
  }

  test('without what was negotiated is refused by that name', () => {
    expect(missingExchangeParts({ ...parts(newExchange()), negotiated: {} as never })).toEqual([
      '_kex.negotiated.kex',
      '_kex.negotiated.serverHostKey',
    ]);
  });

  test('that was not made is refused, not a crash', () => {
    expect(missingExchangeParts(undefined)).toContain('_kex.computeSecret');
  });
});

/** Its methods with its values, as one plain object. */
function parts(exchange: Record<string, unknown>): Record<string, unknown> {
  const methods = ['generateKeys', 'getPublicKey', 'convertPublicKey', 'computeSecret', 'finish', 'parse'];
  return { ...exchange, ...Object.fromEntries(methods.map(name => [name, exchange[name]])) };
}

/** As if the writer of packets had lost one of its parts. */
function without(engine: Record<string, unknown>, part: string): void {
  const { write } = engine['_packetRW'] as { write: object };
  Object.defineProperty(write, part, { value: undefined });
}
