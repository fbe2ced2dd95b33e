/** Plays Twisted's StringTransport scripts on ours: every call, what it answers, and what the test can see afterwards. */
import { StringTransport } from '../../../transport/memory/string-transport.ts';
import { addressText, type Address } from '../../../transport/address.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { reasonName, type Script } from '../script.ts';
import { argument, shown, shownValue, type Log } from '../vectors.ts';

interface State {
  readonly value: string;
  readonly disconnecting: boolean;
  readonly disconnected: boolean;
  readonly producer: string | null;
  readonly producerState: string;
}

/** Twisted's `disconnected` is our `aborted`: it is set by an abort only. */
const stateLine = ({ value, disconnecting, disconnected, producer, producerState }: State): string =>
  `value ${value}; closing ${disconnecting}; aborted ${disconnected}; producer ${producer}; ${producerState}`;

export async function playStringTransport(script: Script): Promise<{ twisted: Log; ours: Log }> {
  const twisted = script.steps.flatMap(step => [
    ...(step.returns === undefined ? [] : [`returns ${answer(step.returns)}`]),
    ...(step.raises ? ['raises'] : []),
    ...step.events.map(([what, reason]) => `${String(what)} ${String(reason)}`),
    stateLine(step.state as State),
  ]);
  return { twisted, ours: await playOurs(script) };
}

async function playOurs({ name, on, steps }: Script): Promise<Log> {
  const log: string[] = [];
  const addresses = name.endsWith('addresses given') ? given : {};
  const transport = new StringTransport({ ...addresses, disconnects: on.endsWith('WithDisconnection') });
  const told = new Recorder({ connectionLost: reason => log.push(`protocol.connectionLost ${reasonName(reason)}`) });
  transport.start(told);
  const producers = { p: idleProducer(), q: idleProducer() };
  for (const { op, args } of steps) {
    const [first, second] = args.map(argument) as [never, never];
    try {
      const returned =
        op === 'registerProducer' ? transport.registerProducer(producers[first], second) : call(transport, op, first);
      if (returned !== undefined) log.push(`returns ${answer(returned)}`);
    } catch {
      log.push('raises');
    }
    await turns(1);
    log.push(stateLine(seen(transport, producers)));
  }
  return log;
}

const given: { peer: Address; host: Address } = {
  peer: { kind: 'tcp', host: '127.0.0.2', port: 5000 },
  host: { kind: 'tcp', host: '127.0.0.1', port: 22 },
};

const call = (transport: StringTransport, op: string, first: never): unknown =>
  transport[op as 'write' | 'value' | 'getPeer' | 'loseConnection'](first);

const idleProducer = () => ({ pauseProducing() {}, resumeProducing() {}, stopProducing() {} });

function seen(transport: StringTransport, producers: Readonly<Record<string, object>>): State {
  const producer = Object.keys(producers).find(name => producers[name] === transport.producer) ?? null;
  const { disconnecting, aborted, producerState } = transport;
  return { value: transport.value().toString('hex'), disconnecting, disconnected: aborted, producer, producerState };
}

/** Bytes, or an address: Twisted's in its `repr`. */
function answer(value: unknown): string {
  if (value instanceof Uint8Array) return shown(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if ('kind' in value) return addressText(value as Address);
  const [, host, port] = /host='(.*)', port=(\d+)/.exec('repr' in value ? String(value.repr) : '') ?? [];
  return host === undefined ? shownValue(value) : `${host}:${port}`;
}
