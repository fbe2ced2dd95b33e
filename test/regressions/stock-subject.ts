/** The stock ssh2 server, used as its README shows: every method of it, no guard around it. */
import type { Socket } from 'node:net';
import { closeAfterTest } from '../support/cleanup.ts';
import { Journal } from '../support/journal.ts';
import { makeTestKey } from '../support/ssh-keys.ts';
import {
  stock,
  type StockChannel,
  type StockConnection,
  type StockContext,
  type StockKey,
  type StockSession,
} from '../support/ssh2.ts';
import { patience, type Behaviour, type ProgramIo, type Subject } from './subject.ts';

const key = makeTestKey();
const publicKey = stock.utils.parseKey(`${key.type} ${key.blob.toString('base64')}`) as StockKey;

/** Or a login accepted on a dead connection starts a timer that nobody can stop. */
stock.Server.KEEPALIVE_CLIENT_INTERVAL = 0;

export async function startStock(behaviour: Behaviour): Promise<Subject> {
  const facts = new Journal<string>();
  const hostKeys = (behaviour.hostKeys ?? ['ed25519']).map(kind => makeTestKey(kind).text);
  const server = new stock.Server({ hostKeys }, connection => serve(connection, behaviour, facts));
  const sockets: Socket[] = [];
  server._srv.on('connection', socket => sockets.push(socket));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => server.close());
  const bytesRead = (): number => sockets.reduce((sum, socket) => sum + socket.bytesRead, 0);
  return { port: server.address().port, facts, key, bytesRead, patience: patience.long };
}

function serve(connection: StockConnection, behaviour: Behaviour, facts: Journal<string>): void {
  closeAfterTest(() => void connection._sock.destroy());
  connection.on('error', () => undefined);
  connection.on('close', () => facts.note('connection closed'));
  connection.on('ready', () => facts.note('logged in'));
  connection.on('authentication', (context: StockContext) => void authenticate(context, behaviour, facts));
  connection.on('session', (accept: () => StockSession) => listen(accept(), behaviour, facts));
}

/** What the README shows, `if (!verify(…)) reject()`, and no look at what `verify` answers when it fails. */
async function authenticate(context: StockContext, behaviour: Behaviour, facts: Journal<string>): Promise<void> {
  facts.note(`asked about ${context.key?.algo ?? context.method}`);
  await behaviour.loginAfter;
  const known = context.key?.data.equals(key.blob) ?? false;
  const { signature, blob, hashAlgo } = context;
  const allowed = behaviour.authorize?.(context.username) ?? (known || context.key?.algo === 'ssh-rsa');
  if (context.method !== 'publickey' || !allowed) return context.reject(['publickey']);
  if (signature && blob && !publicKey.verify(blob, signature, hashAlgo)) return context.reject(['publickey']);
  context.accept();
}

type Accept<T> = (() => T) | undefined;

function listen(session: StockSession, behaviour: Behaviour, facts: Journal<string>): void {
  for (const event of ['close', 'end']) session.on(event, () => facts.note('told of the end'));
  session.on('pty', (accept: Accept<void>, _reject: never, info: { modes: object }) => {
    facts.note(`modes ${JSON.stringify(info.modes)}`);
    accept?.();
  });
  session.on('signal', (accept: Accept<void>, _reject: never, { name }: { name: string }) => {
    facts.note(`signal ${name}`);
    accept?.();
  });
  session.on(
    'window-change',
    (accept: Accept<void>, _reject: never, { cols, rows }: { cols: number; rows: number }) => {
      facts.note(`size ${cols}x${rows}`);
      accept?.();
    },
  );
  session.on('env', (accept: Accept<void>) => accept?.());
  session.on('shell', (accept: () => StockChannel) => void start(accept, 'shell', behaviour, facts));
  session.on(
    'exec',
    (accept: () => StockChannel, _reject: never, { command }: { command: string }) =>
      void start(accept, `exec ${JSON.stringify(command)}`, behaviour, facts),
  );
}

async function start(
  accept: () => StockChannel | undefined,
  what: string,
  { startAfter, program }: Behaviour,
  facts: Journal<string>,
): Promise<void> {
  facts.note(what);
  if (startAfter) await startAfter;
  const channel = accept();
  if (!channel) return facts.note('accept() answered undefined');
  channel.on('error', () => undefined);
  channel.on('close', () => facts.note('told of the end'));
  if (!program) return;
  const status = await program(ioOf(channel));
  try {
    channel.exit(status);
  } catch (error) {
    facts.note(`exit() threw: ${(error as Error).message}`);
  }
  channel.end();
}

const ioOf = (channel: StockChannel): ProgramIo => ({
  write: data => new Promise(resolve => channel.write(data, () => resolve())),
  writeError: data => new Promise(resolve => channel.stderr.write(data, () => resolve())),
  endOutput: () => void channel.end(),
  input: () =>
    new Promise(resolve => {
      const chunks: Buffer[] = [];
      channel.on('data', (data: Buffer) => chunks.push(data));
      channel.on('end', () => resolve(Buffer.concat(chunks)));
    }),
});
