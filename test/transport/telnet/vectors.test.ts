/** Every conversation of test/vectors/telnet.json, against ours; where we differ on purpose, that must show. */
import { describe, expect, test } from '@jest/globals';
import { TelnetOption } from '../../../transport/telnet/codes.ts';
import type { ITelnetTransport } from '../../../transport/telnet/contracts.ts';
import type { TelnetOptions } from '../../../transport/telnet/options.ts';
import { telnetDifferences, valuesForErrors } from '../../vectors/telnet-differences.ts';
import { bytesOf, isDifferent, loadCases } from '../../vectors/vectors.ts';
import { played, settle, TelnetRecorder, type Heard, type Played } from './lab.ts';

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

interface Conversation {
  readonly name: string;
  readonly accepts?: { readonly local: readonly Hex[]; readonly remote: readonly Hex[] };
  readonly steps: readonly Step[];
  /** By option, in hexadecimal: `us=yes him=no*`, the star for one that is being negotiated. */
  readonly options?: Readonly<Record<string, string>>;
}

/** What one step did, in words that both can be said in. */
interface Account {
  readonly sent: string;
  readonly heard: readonly string[];
  readonly settled: readonly string[];
}

const hexOf = (value: Value | undefined): string => bytesOf(value as Hex).toString('hex');
const numberOf = (value: Value | undefined): number => Number.parseInt(hexOf(value), 16);

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

const conversations = loadCases<Conversation>('telnet.json').filter(({ name }) => !name.startsWith('auth: '));

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

const errorsAsValues = new Map<string, string>([
  ['OptionRefused', 'off'],
  ['AlreadyEnabled', 'on'],
  ['AlreadyDisabled', 'off'],
]);

function theirs({ events, raises }: Step, translate: boolean): Account {
  const sent = events.filter(([kind]) => kind === 'sent' || kind === 'sentSequence').map(([, data]) => hexOf(data));
  const heard = events.flatMap(([kind, ...args]) => words[kind]?.(...args) ?? []);
  const settled = events.flatMap(([kind, step, op, result]) => {
    if (kind === 'fired') return [`${textOf(step)} ${op === 'do' || op === 'will' ? 'on' : 'off'}`];
    if (kind !== 'failed') return [];
    const error = textOf(result);
    return [`${textOf(step)} ${(translate ? errorsAsValues.get(error) : undefined) ?? error}`];
  });
  return { sent: sent.join(''), heard: [...mergeData(heard), ...(raises ? [`raises ${raises.type}`] : [])], settled };
}

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

  async take({ op, args }: Step, index: number): Promise<Account> {
    await this.#ops[op]!(args, index);
    await settle();
    const all = this.#played.near.log.slice(this.#told).flatMap(say);
    const heard = mergeData(all.filter(each => this.#listensFor.test(each)));
    this.#told = this.#played.near.log.length;
    return { sent: this.#played.sent(), heard, settled: this.#settled.splice(0) };
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
      enabled => this.#settled.push(`${step} ${enabled ? 'on' : 'off'}`),
      () => undefined,
    );
  }
}

/** Both accounts of a conversation, and of what is on in the end. */
async function accountsOf(
  conversation: Conversation,
  translate: boolean,
): Promise<{ ours: unknown; twisted: unknown }> {
  const end = new Ours(conversation);
  const ours: Account[] = [];
  for (const [index, step] of conversation.steps.entries()) ours.push(await end.take(step, index));
  const options = Object.entries(conversation.options ?? {});
  const enabled = (['local', 'remote'] as const).map(side =>
    options.map(([option]) => end.transport.isEnabled(side, Number.parseInt(option, 16))),
  );
  const theirEnabled = [/us=yes/, /him=yes/].map(pattern => options.map(([, state]) => pattern.test(state)));
  return {
    ours: { steps: ours, enabled },
    twisted: { steps: conversation.steps.map(step => theirs(step, translate)), enabled: theirEnabled },
  };
}

describe('as Twisted', () => {
  const same = conversations.filter(({ name }) => !isDifferent(telnetDifferences, name));
  test.each(same.map(each => [each.name, each] as const))('%s', async (_name, conversation) => {
    const { ours, twisted } = await accountsOf(conversation, false);
    expect(ours).toEqual(twisted);
  });
});

describe('with a value for an error, as Twisted', () => {
  const inForm = conversations.filter(({ name }) => valuesForErrors.cases.includes(name));
  test.each(inForm.map(each => [each.name, each] as const))('%s', async (_name, conversation) => {
    const { ours, twisted } = await accountsOf(conversation, true);
    expect(ours).toEqual(twisted);
  });
});

describe('otherwise than Twisted, on purpose', () => {
  const different = conversations.filter(({ name }) => isDifferent(telnetDifferences, name));
  test.each(different.map(each => [each.name, each] as const))('%s', async (_name, conversation) => {
    const { ours, twisted } = await accountsOf(conversation, false);
    expect(ours).not.toEqual(twisted);
  });
});

test('every case that a difference names is there', () => {
  const names = loadCases<Conversation>('telnet.json').map(({ name }) => name);
  expect(telnetDifferences.flatMap(({ cases }) => cases).filter(name => !names.includes(name))).toEqual([]);
});
