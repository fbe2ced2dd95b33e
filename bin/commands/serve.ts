/**
 * `nacre serve`: an SSH server for the person who runs it, or for others, from a configuration file and flags.
 *
 * Without a host key or without authorized keys it refuses to start. With `--log json` nothing is printed on standard
 * output before the `listening` lines.
 */
import { Command, Option } from 'commander';
import { loadHostKey, type HostKey } from '../../keys/index.ts';
import { ConfigError } from '../../transport/errors.ts';
import { accountsOf, checkAccounts } from '../accounts.ts';
import { effectiveSettings, printSettings } from '../config.ts';
import { exitCodeHelp } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { logFormats, openLog, type LogFormat } from '../logger.ts';
import { runServer } from '../run-server.ts';
import { programChoices, type Settings } from '../settings.ts';

interface ServeFlags {
  readonly listen?: string[];
  readonly hostKey?: string[];
  readonly authorizedKeys?: string;
  readonly config?: string;
  readonly log?: LogFormat;
  readonly programs?: string;
  readonly printConfig?: true;
  readonly check?: true;
}

const help = `
Examples:
  nacre keygen -f ssh_host_ed25519_key
  nacre serve --host-key ssh_host_ed25519_key --authorized-keys ~/.ssh/authorized_keys
  nacre serve --config nacre.yaml --listen 0.0.0.0:2222 --listen '[::]:2222'
  nacre serve --config nacre.yaml --print-config > complete.yaml
  nacre serve --config nacre.yaml --check && echo fine

A configuration file (flags win over it; paths in it begin at its own directory):
  listen: [127.0.0.1:2222]
  hostKeys: [ssh_host_ed25519_key]
  authorizedKeys: ~/.ssh/authorized_keys
  drainTime: 30s

Only the user who runs it can log in, unless \`accounts\` says otherwise (docs/accounts.md). SIGINT or SIGTERM stops it: sessions may end first, a second signal ends them.

${exitCodeHelp}
`;

const each = (value: string, earlier: string[] = []): string[] => [...earlier, value];

export const serveCommand = (io: Io): Command =>
  new Command('serve')
    .description('serve shells and commands over SSH, from a configuration')
    .option('--listen <host:port>', 'address to listen on, IPv6 in brackets, port 0 for any; may be repeated', each)
    .option('--host-key <file>', 'private key that identifies this server; may be repeated', each)
    .option('--authorized-keys <file>', 'the public keys that may log in')
    .option('--config <file>', 'read settings from a YAML file')
    .addOption(
      new Option('--log <format>', 'log format (default: pretty on a terminal, json elsewhere)').choices(logFormats),
    )
    .addOption(
      new Option('--programs <process>', 'which process starts programs (default: host)').choices(programChoices),
    )
    .option('--print-config', 'print the effective settings, defaults included, and exit')
    .option('--check', 'check settings and keys, and exit')
    .addHelpText('after', help)
    .action((flags: ServeFlags) => serve(flags, io));

async function serve({ config, printConfig, check, hostKey, ...flags }: ServeFlags, io: Io): Promise<void> {
  const place = { directory: io.directory, home: io.user.home };
  const settings = await effectiveSettings({ config, settings: { ...pickSettings(flags), hostKeys: hostKey } }, place);
  if (printConfig) return void io.out.write(printSettings(settings));
  const hostKeys = await loadHostKeys(settings);
  const nextHostKeys = await Promise.all(settings.nextHostKeys.map(loadHostKey));
  if (check) return checkAccounts(settings, io);
  const { listen, algorithms, loginGraceTime, maxAuthTries, maxSessions, drainTime, programs } = settings;
  const { admission, limits, proxyProtocol } = settings;
  const { rekeyBytes, rekeyTime, rekeyTimeout, clientAliveInterval, clientAliveCountMax } = settings;
  const log = openLog(settings.log ?? (io.isTerminal ? 'pretty' : 'json'), io);
  const accounts = accountsOf(settings, io, log);
  const isUser = settings.accounts === 'self' ? { isUser: (name: string): boolean => name === io.user.name } : {};
  const numbers = { loginGraceTime, maxAuthTries, maxSessions, admission, limits, proxyProtocol };
  const upkeep = { nextHostKeys, rekeyBytes, rekeyTime, rekeyTimeout, clientAliveInterval, clientAliveCountMax };
  const options = { listen, hostKeys, algorithms, ...isUser, ...numbers, ...upkeep };
  await runServer({ listen: options, accounts, drainTime, log, programs }, io);
}

const pickSettings = ({ listen, authorizedKeys, log, programs }: ServeFlags): Record<string, unknown> => ({
  listen,
  authorizedKeys,
  log,
  programs,
});

async function loadHostKeys({ hostKeys }: Settings): Promise<HostKey[]> {
  if (hostKeys.length > 0) return Promise.all(hostKeys.map(loadHostKey));
  const make = 'nacre keygen -f ssh_host_ed25519_key';
  throw new ConfigError(
    'hostKeys',
    `a server needs a host key; to make one: ${make}, then give --host-key ssh_host_ed25519_key`,
  );
}
