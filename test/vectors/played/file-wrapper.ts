/** Plays Twisted's FileWrapper scripts on `fromWritable` over a stream that writes down what reaches the file. */
import { Writable } from 'node:stream';
import { fromWritable } from '../../../transport/files/file.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { joined, play, reasonName, twistedLog, type Script } from '../script.ts';
import { shown, shownValue, type Log } from '../vectors.ts';

/** Twisted writes at once, we in the next turn; each step has its turn. `stopConsuming` is two calls of ours. */
export async function playFileWrapper({ name, steps }: Script): Promise<{ twisted: Log; ours: Log }> {
  const log: string[] = [];
  const full = name.endsWith('write error swallowed');
  const file = new Writable({
    write(chunk: Buffer, _encoding, written) {
      log.push(`file.write ${shown(chunk)}`);
      written(full ? new Error('ENOSPC: no space left on device') : null);
    },
    final(closed) {
      log.push('file.close');
      closed();
    },
  });
  const protocol = new Recorder({ connectionLost: reason => log.push(`connectionLost ${reasonName(reason)}`) });
  const transport = fromWritable(file, protocol);
  const producer = (who: string) => ({
    pauseProducing: () => void log.push(`${who}.pauseProducing`),
    resumeProducing: () => void log.push(`${who}.resumeProducing`),
    stopProducing: () => void log.push(`${who}.stopProducing`),
  });
  const settled = async (call: () => void): Promise<void> => {
    try {
      call();
    } finally {
      await turns(3);
    }
  };
  await play(
    steps,
    {
      write: (data: Uint8Array) => settled(() => transport.write(data)),
      writeSequence: (chunks: Uint8Array[]) => settled(() => transport.writeSequence(chunks)),
      loseConnection: () => settled(() => transport.loseConnection()),
      registerProducer: (who: string, streaming: true) =>
        settled(() => transport.registerProducer(producer(who), streaming)),
      unregisterProducer: () => settled(() => transport.unregisterProducer()),
      stopConsuming: () =>
        settled(() => {
          transport.unregisterProducer();
          transport.loseConnection();
        }),
      pauseProducing: () => settled(() => transport.pauseProducing()),
      resumeProducing: () => settled(() => transport.resumeProducing()),
      stopProducing: () => settled(() => transport.stopProducing()),
    },
    log,
  );
  const translate = ([what, value]: readonly unknown[]): string =>
    value === undefined ? String(what) : `${String(what)} ${shownValue(value)}`;
  const writes = /^file\.write$/;
  return { twisted: joined(twistedLog(steps, translate), writes), ours: joined(log, writes) };
}
