/**
 * Telnet conversations: bytes received and calls made, step by step, and what was sent, heard and settled at each.
 *
 * In the end stands what is on, by option.
 */
import { TelnetOption } from '../../../transport/telnet/codes.ts';
import type { ITelnetTransport, TelnetSide } from '../../../transport/telnet/contracts.ts';
import type { TelnetOptions } from '../../../transport/telnet/options.ts';
import { played, settle, TelnetRecorder, type Heard, type Played } from '../../transport/telnet/lab.ts';
import { bytesOf, type Log } from '../vectors.ts';

interface Hex {
  readonly b: string;
}
type Value = Hex | string | number | boolean | null | readonly Value[];

interface Step {
  readonly op: string;
  readonly args: readonly Value[];
  readonly raises?: { readonly type: string };
  readonly events: ReadonlyArray<readonly [string, ...Value[]]>;
}

export interface Conversation {
  readonly name: string;
  readonly accepts?: { readonly local: readonly Hex[]; readonly remote: readonly Hex[] };
  readonly steps: readonly Step[];
  /** By option, in hexadecimal: `us=yes him=no*`, the star for one that is being negotiated. */
  readonly options?: Readonly<Record<string, string>>;
}

const hexOf = (value: Value | undefined): string => bytesOf(value as Hex).toString('hex');
const numberOf = (value: Value | undefined): number => Number.parseInt(hexOf(value), 16);

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

// — what Twisted did —

const words: Readonly<Record<string, (...args: Value[]) => string | undefined>> = {
  dataReceived: data => `data ${hexOf(data)}`,
  applicationDataReceived: data => `data ${hexOf(data)}`,
  unhandledCommand: command => `command ${numberOf(command)}`,
  unhandledSubnegotiation: (option, data) => `parameters ${numberOf(option)} ${hexOf(data)}`,
  negotiationMap: (option, data) => `parameters ${numberOf(option)} ${hexOf(data)}`,
  enableLocal: (option, agreed) => (agreed === true ? `local ${numberOf(option)} on` : undefined),
  enableRemote: (option, agreed) => (agreed === true ? `remote ${numberOf(option)} on` : undefined),
  disableLocal: option => `local ${numberOf(option)} off`,
  disableRemote: option => `remote ${numberOf(option)} off`,
  terminalSize: (columns, rows) => `size ${textOf(columns)} ${textOf(rows)}`,
};

function twistedStep({ events, raises }: Step): Log {
  const sent = events.filter(([kind]) => kind === 'sent' || kind === 'sentSequence').map(([, data]) => hexOf(data));
  const heard = events.flatMap(([kind, ...args]) => words[kind]?.(...args) ?? []);
  const settled = events.flatMap(([kind, step, op, result]) => {
    if (kind === 'failed') return [`settled ${textOf(step)} ${textOf(result)}`];
    return kind === 'fired' ? [`settled ${textOf(step)} ${op === 'do' || op === 'will' ? 'on' : 'off'}`] : [];
  });
  return [...sentLine(sent.join('')), ...mergeData(heard), ...settled, ...(raises ? [`raises ${raises.type}`] : [])];
}

const sentLine = (hex: string): string[] => (hex === '' ? [] : [`sent ${hex}`]);

/** How data is cut says nothing. */
function mergeData(heard: readonly string[]): string[] {
  const merged: string[] = [];
  for (const each of heard) {
    const before = merged.at(-1);
    if (each.startsWith('data ') && before?.startsWith('data ')) merged[merged.length - 1] = before + each.slice(5);
    else merged.push(each);
  }
  return merged;
}

// — what we do —

const say = (heard: Heard): string[] => {
  if (typeof heard === 'string') return [`data ${Buffer.from(heard, 'latin1').toString('hex')}`];
  if (heard.kind === 'command') return [`command ${heard.command}`];
  if (heard.kind === 'option') return [`${heard.side} ${heard.option} ${heard.enabled ? 'on' : 'off'}`];
  if (heard.kind === 'size') return [`size ${heard.size.columns} ${heard.size.rows}`];
  if (heard.kind === 'subnegotiation') {
    return [`parameters ${heard.option} ${Buffer.from(heard.data).toString('hex')}`];
  }
  return heard.kind === 'malformed' ? [`malformed`] : [];
};

/** What a recording listened for, where that was not everything. */
const listensFor = (name: string): RegExp =>
  name.startsWith('bootstrap: ') ? /^size / : name.startsWith('base Telnet: ') ? /^data / : /^/;

const bootstrap: TelnetOptions = {
  local: [TelnetOption.ECHO, TelnetOption.SGA],
  remote: [TelnetOption.LINEMODE, TelnetOption.NAWS, TelnetOption.SGA],
  lineMode: 2,
};

/** One conversation as we hold it. */
class Ours {
  readonly #played: Played<TelnetRecorder>;
  readonly #settled: string[] = [];
  readonly #listensFor: RegExp;
  #told = 0;

  constructor({ name, accepts }: Conversation) {
    this.#listensFor = listensFor(name);
    const [local, remote] = [accepts?.local ?? [], accepts?.remote ?? []].map(list => list.map(numberOf));
    const options = name.startsWith('bootstrap: ') ? bootstrap : { local: local ?? [], remote: remote ?? [] };
    this.#played = played(new TelnetRecorder(), options);
  }

  get transport(): ITelnetTransport {
    return this.#played.transport;
  }

  async take({ op, args }: Step, index: number): Promise<Log> {
    await this.#ops[op]!(args, index);
    await settle();
    const all = this.#played.near.log.slice(this.#told).flatMap(say);
    const heard = mergeData(all.filter(each => this.#listensFor.test(each)));
    this.#told = this.#played.near.log.length;
    return [...sentLine(this.#played.sent()), ...heard, ...this.#settled.splice(0)];
  }

  readonly #ops: Readonly<Record<string, (args: readonly Value[], step: number) => unknown>> = {
    recv: ([data]) => this.#played.receive(bytesOf(data as Hex)),
    do: ([option], step) => this.#ask(this.transport.do(numberOf(option)), step),
    dont: ([option], step) => this.#ask(this.transport.dont(numberOf(option)), step),
    will: ([option], step) => this.#ask(this.transport.will(numberOf(option)), step),
    wont: ([option], step) => this.#ask(this.transport.wont(numberOf(option)), step),
    write: ([data]) => this.transport.write(bytesOf(data as Hex)),
    writeSequence: ([chunks]) => this.transport.writeSequence((chunks as Hex[]).map(bytesOf)),
    requestNegotiation: ([option, data]) => this.transport.requestNegotiation(numberOf(option), bytesOf(data as Hex)),
    loseConnection: () => this.transport.loseConnection(),
    getPeer: () => this.transport.getPeer(),
    getHost: () => this.transport.getHost(),
    lost: () => this.#played.peer.transport.loseConnection(),
    terminal: ([call, ...args], step) => this.#ops[textOf(call)]!(args, step),
    connect: () => {
      for (const option of [TelnetOption.LINEMODE, TelnetOption.NAWS, TelnetOption.SGA]) void this.transport.do(option);
      void this.transport.will(TelnetOption.ECHO);
    },
  };

  #ask(answer: Promise<boolean>, step: number): void {
    void answer.then(
      enabled => this.#settled.push(`settled ${step} ${enabled ? 'on' : 'off'}`),
      () => undefined,
    );
  }
}

export async function playTelnet(conversation: Conversation): Promise<{ twisted: Log; ours: Log }> {
  const { steps, options = {} } = conversation;
  const end = new Ours(conversation);
  const ours: string[] = [];
  for (const [index, step] of steps.entries()) ours.push(`step ${index}`, ...(await end.take(step, index)));
  const isOn = (side: TelnetSide, option: string): string =>
    end.transport.isEnabled(side, Number.parseInt(option, 16)) ? 'yes' : 'no';
  for (const option of Object.keys(options)) {
    ours.push(`${option} us=${isOn('local', option)} him=${isOn('remote', option)}`);
  }
  return {
    ours,
    twisted: [
      ...steps.flatMap((step, index) => [`step ${index}`, ...twistedStep(step)]),
      ...Object.entries(options).map(([option, state]) => `${option} ${state.replaceAll('*', '')}`),
    ],
  };
}
