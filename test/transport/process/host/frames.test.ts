/** The frames between a server and its process host, and the turns that lanes take. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../../support/properties.ts';
import { RemoteProtocolError } from '../../../../transport/errors.ts';
import { StringTransport } from '../../../../transport/memory/index.ts';
import {
  CONTROL,
  FrameReader,
  frameHeader,
  MOST_BYTES,
  type Frame,
} from '../../../../transport/process/host/frames.ts';
import { Lanes } from '../../../../transport/process/host/lanes.ts';
import { decodeFromHost, decodeToHost, encodeMessage } from '../../../../transport/process/host/messages.ts';

const onWire = (frames: readonly Frame[]): Buffer =>
  Buffer.concat(frames.flatMap(frame => [frameHeader(frame), frame.bytes]));
const plain = ({ program, lane, bytes }: Frame): unknown => ({ program, lane, bytes: [...bytes] });

const frames: fc.Arbitrary<Frame[]> = fc.array(
  fc.record({
    program: fc.integer({ min: 0, max: 0xffff_ffff }),
    lane: fc.integer({ min: 0, max: 0xffff }),
    bytes: fc.uint8Array({ maxLength: 30 }),
  }),
);

describe('frames', () => {
  test('come out as they went in, whole or byte by byte or in any other split', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (given, sizes) => {
        for (const steps of [[Infinity], [1], sizes]) {
          const reader = new FrameReader();
          const found: Frame[] = [];
          let rest = onWire(given);
          for (let turn = 0; rest.length > 0; turn += 1) {
            const size = Math.min(steps[turn % steps.length]!, rest.length);
            found.push(...reader.feed(rest.subarray(0, size)));
            rest = rest.subarray(size);
          }
          expect(found.map(plain)).toEqual(given.map(plain));
        }
      }),
    );
  });

  test('one that is too long is a RemoteProtocolError before memory is taken for it', () => {
    const header = Buffer.from(frameHeader({ program: 1, lane: 0, bytes: new Uint8Array() }));
    header.writeUInt32BE(MOST_BYTES + 1);
    expect(() => [...new FrameReader().feed(header)]).toThrow(RemoteProtocolError);
  });
});

describe('messages', () => {
  test('keep maps, and what is no message of that side is a RemoteProtocolError', () => {
    const terminal = { term: 'xterm', size: { columns: 1, rows: 2, widthPixels: 3, heightPixels: 4 } };
    const program = { file: '/bin/true', args: [], environment: {}, cwd: '/' };
    const start = { kind: 'start', program, terminal: { ...terminal, modes: new Map([[53, 0]]) } } as const;
    expect(decodeToHost(encodeMessage(start))).toEqual(start);
    expect(() => decodeFromHost(encodeMessage(start))).toThrow(RemoteProtocolError);
    expect(() => decodeToHost(encodeMessage({ kind: 'ready' }))).toThrow(RemoteProtocolError);
    expect(() => decodeToHost(Buffer.from('no clone'))).toThrow(RemoteProtocolError);
  });
});

describe('lanes', () => {
  const frame = (lane: number, text: string): Frame => ({ program: 1, lane, bytes: Buffer.from(text) });

  /** What goes out, in order, when a line that was stopped while `fill` posted flows again. */
  function after(fill: (lanes: Lanes) => void): string[] {
    const line = new StringTransport();
    const lanes = new Lanes(line);
    lanes.pauseProducing();
    fill(lanes);
    expect(line.value().length).toBe(0);
    lanes.resumeProducing();
    return [...new FrameReader().feed(line.value())].map(({ bytes }) => Buffer.from(bytes).toString());
  }

  test('take turns when the line has been stopped: a flood does not hold up what came behind it', () => {
    const sent = after(lanes => {
      for (const text of ['a1', 'a2', 'a3', 'a4']) lanes.post(frame(0, text));
      for (const text of ['b1', 'b2']) lanes.post(frame(2, text));
    });
    expect(sent).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4']);
  });

  test('forget what waits in a lane that is dropped, and nothing else', () => {
    const sent = after(lanes => {
      for (const text of ['a1', 'a2']) lanes.post(frame(0, text));
      for (const text of ['b1', 'b2']) lanes.post(frame(2, text));
      lanes.drop({ program: 1, lane: 0 });
      lanes.post(frame(3, 'c1'));
    });
    expect(sent).toEqual(['b1', 'c1', 'b2']);
  });

  test('take no more than a few orders for one program that nobody carries out', () => {
    after(lanes => {
      for (let count = 0; count < 64; count += 1) {
        expect(lanes.hasRoom(1)).toBe(true);
        lanes.post(frame(CONTROL, 'signal'));
      }
      expect([lanes.hasRoom(1), lanes.hasRoom(2)]).toEqual([false, true]);
    });
  });
});
