/** Credits: frames are read back as written, and no more is sent than was granted. */
import fc from '../../support/properties.ts';
import { expect, test } from '@jest/globals';
import { CreditMedium } from '../../../transport/credits/credit-medium.ts';
import { decodeFrame, encodeFrame, type Frame } from '../../../transport/credits/frames.ts';
import { Endpoint } from '../../../transport/endpoint.ts';
import { RemoteProtocolError } from '../../../transport/errors.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';

const frames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('data' as const), data: fc.uint8Array() }),
  fc.record({ kind: fc.constant('grant' as const), bytes: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
  fc.constant<Frame>({ kind: 'eof' }),
  fc.constant<Frame>({ kind: 'close' }),
);

test('every frame is read back as it was written', () => {
  fc.assert(fc.property(frames, frame => expect(decodeFrame(encodeFrame(frame))).toEqual(frame)));
});

test('any bytes are a frame or a RemoteProtocolError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 10 }), bytes => {
      try {
        decodeFrame(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RemoteProtocolError);
      }
    }),
  );
});

/** One end, and the other played by hand. */
function bench() {
  const posted: Frame[] = [];
  const ends: string[] = [];
  const medium = new CreditMedium(
    {
      post: frame => void posted.push(decodeFrame(frame)),
      close: () => void ends.push('close'),
      destroy: () => void ends.push('destroy'),
    },
    { window: 100 },
  );
  const address = { kind: 'memory', name: 'bench' } as const;
  const endpoint = new Endpoint(medium, { peer: address, host: address });
  medium.listen(endpoint);
  const recorder = new Recorder();
  endpoint.start(recorder);
  const receive = (frame: Frame): void => medium.messageReceived(encodeFrame(frame));
  const sent = (): number => posted.reduce((sum, frame) => sum + (frame.kind === 'data' ? frame.data.length : 0), 0);
  return { posted, ends, recorder, receive, sent };
}

test('whatever is written and granted, never more is sent than was granted, and in the end all of it', async () => {
  const steps = fc.array(
    fc.oneof(fc.record({ write: fc.nat(300) }), fc.record({ grant: fc.integer({ min: 1, max: 200 }) })),
  );
  const property = fc.asyncProperty(steps, async all => {
    const { recorder, receive, sent } = bench();
    let granted = 0;
    let written = 0;
    for (const step of all) {
      if ('write' in step) {
        written += step.write;
        recorder.transport.write(new Uint8Array(step.write));
      } else {
        granted += step.grant;
        receive({ kind: 'grant', bytes: step.grant });
      }
      await turns(1);
      expect(sent()).toBeLessThanOrEqual(granted);
    }
    receive({ kind: 'grant', bytes: written + 1 });
    await turns(5 + all.length);
    expect(sent()).toBe(written);
    recorder.transport.abortConnection();
  });
  await fc.assert(property, { numRuns: 30 });
});

test('credit is given back for what the protocol has dealt with, in steps of half a window', async () => {
  const { posted, recorder, receive } = bench();
  recorder.transport.pauseProducing();
  receive({ kind: 'data', data: new Uint8Array(60) });
  await turns(2);
  expect(posted).toEqual([{ kind: 'grant', bytes: 100 }]);
  recorder.transport.resumeProducing();
  await turns(2);
  expect(posted.at(-1)).toEqual({ kind: 'grant', bytes: 60 });
});

test.each<[string, Frame[]]>([
  ['data behind EOF', [{ kind: 'eof' }, { kind: 'data', data: new Uint8Array(1) }]],
  ['EOF twice', [{ kind: 'eof' }, { kind: 'eof' }]],
  ['more data than was granted', [{ kind: 'data', data: new Uint8Array(101) }]],
  [
    'more credit than there can be',
    [
      { kind: 'grant', bytes: 2 ** 32 - 1 },
      { kind: 'grant', bytes: 1 },
    ],
  ],
])('%s breaks the rules, and ends the connection', async (_what, breach) => {
  const { recorder, receive, ends } = bench();
  Object.assign(recorder, { readConnectionLost: () => undefined, writeConnectionLost: () => undefined });
  for (const frame of breach) receive(frame);
  expect((await recorder.ended()).kind).toBe('protocol-error');
  expect(ends).toEqual(['destroy']);
});
