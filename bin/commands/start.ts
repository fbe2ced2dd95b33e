/** `nacre start`: try it. Serves whoever runs it on 127.0.0.1:2222 and prints the line to log in with. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../../transport/errors.ts';
import { selfAccounts } from '../accounts.ts';
import type { Io } from '../io.ts';
import { parseListenAddress, type ListenAddress } from '../listen-address.ts';
import { openLog } from '../logger.ts';
import { absolutePath } from '../paths.ts';
import { isDefaultIdentity, prepareQuickStart, type QuickStart } from '../quick-start.ts';
import { runServer } from '../run-server.ts';
import { defaultSettings } from '../settings.ts';
import { knownHostsLine, sshLine, withKnownHost } from '../ssh-line.ts';
import { welcome } from '../welcome.ts';

/** What the welcome says better, or nobody asks who tries it. */
const unsaid: ReadonlySet<string> = new Set(['listening', 'process-host-started', 'native-programs']);

interface StartFlags {
  readonly listen: ListenAddress;
  readonly port?: number;
  readonly keys: string;
}

const help = `
Examples:
  nacre start                       then paste the ssh line that it prints into another terminal
  nacre start --port 2022           if 2222 is taken
  nacre start --listen '[::1]:0'    another address, any free port

Made on the first start, in the directory of --keys: a host key, and a key pair to log in with if none of yours fits
~/.ssh/authorized_keys. Only you can log in. To run it for real, see: nacre serve --help
`;

export const startCommand = (io: Io): Command =>
  new Command('start')
    .description('quick start: serve yourself on 127.0.0.1:2222')
    .addOption(
      new Option('--listen <host:port>', 'where to listen')
        .argParser(argument(parseListenAddress))
        .default({ host: '127.0.0.1', port: 2222 }, '127.0.0.1:2222'),
    )
    .addOption(new Option('--port <port>', 'only another port').argParser(argument(parsePort)).conflicts('listen'))
    .option('--keys <directory>', 'where the keys are kept', 'keys/host')
    .addHelpText('after', help)
    .action((flags: StartFlags) => start(flags, io));

/** A parser of ours as commander wants it. */
const argument =
  <T>(parse: (text: string) => T | string) =>
  (text: string): T => {
    const value = parse(text);
    if (typeof value === 'string') throw new InvalidArgumentError(value);
    return value;
  };

function parsePort(text: string): number | string {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : `'${text}' is not a port number`;
}

async function start({ listen, port, keys }: StartFlags, io: Io): Promise<void> {
  const directory = absolutePath(keys, io.directory, io.user.home);
  const prepared = await prepareQuickStart(directory, io.user);
  const log = openLog('pretty', io);
  const accounts = selfAccounts({
    user: io.user,
    files: [prepared.authorizedKeysFile],
    keys: prepared.demoKey ? [prepared.demoKey] : [],
    log: event => (event.event === 'authorized-keys-refused' ? undefined : log(event)),
  });
  await runServer(
    {
      listen: { listen: [{ ...listen, port: port ?? listen.port }], hostKeys: [prepared.hostKey] },
      accounts,
      drainTime: defaultSettings.drainTime,
      programs: defaultSettings.programs,
      log: event => (unsaid.has(event.event) ? undefined : log(event)),
      ready: server => greet(server.addresses[0] ?? listen, directory, prepared, io),
    },
    io,
  );
}

async function greet(address: ListenAddress, directory: string, prepared: QuickStart, io: Io): Promise<void> {
  const knownHostsFile = join(directory, 'known_hosts');
  await addKnownHost(knownHostsFile, address, prepared);
  const { identityFile: file, demoKey } = prepared;
  const asksForNothing = demoKey === undefined && isDefaultIdentity(file, join(io.user.home, '.ssh'));
  const identity = asksForNothing ? undefined : { file, only: demoKey !== undefined };
  const line = sshLine({ user: io.user.name, address, knownHostsFile, identity });
  io.out.write(welcome({ address, prepared, line, user: io.user, colors: io.colors, directory: io.directory }));
}

async function addKnownHost(file: string, address: ListenAddress, { hostKey }: QuickStart): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const line = knownHostsLine(address, hostKey.publicKey);
  await writeFile(file, withKnownHost(text, address, line)).catch((error: unknown) => {
    throw new ConfigError(file, 'cannot be written', { cause: error });
  });
}
