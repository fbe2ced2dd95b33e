/**
 * From a command line to an exit code. Never throws: what went wrong is one message on standard error, escaped.
 */
import { Command, CommanderError } from 'commander';
import { asError, ConfigError } from '../transport/errors.ts';
import { keygenCommand } from './commands/keygen.ts';
import { serveCommand } from './commands/serve.ts';
import { startCommand } from './commands/start.ts';
import { versionCommand, versionText } from './commands/version.ts';
import { escapeText } from '../transport/escape.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

const help = `
Examples:
  nacre start                 try it: serve yourself on 127.0.0.1:2222
  nacre serve --help          how to run it for real
  nacre keygen -f host_key    make a host key

${exitCodeHelp}
`;

/** Run the command line `args` (without node and script). Resolves to the exit code. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    await program(io).parseAsync(args, { from: 'user' });
    return exitCodes.ok.code;
  } catch (error) {
    return report(error, io);
  }
}

function program(io: Io): Command {
  const nacre = new Command('nacre').description('Shells and commands over SSH.').addHelpText('after', help);
  nacre.version(versionText(), '-V, --version', 'print the version');
  for (const make of [startCommand, serveCommand, keygenCommand, versionCommand]) nacre.addCommand(make(io));
  for (const command of [nacre, ...nacre.commands]) {
    command
      .exitOverride()
      .showHelpAfterError('(add --help to see what there is)')
      .configureOutput({
        writeOut: text => void io.out.write(text),
        writeErr: text => void io.err.write(text),
        outputError: (text, write) => write(escapeLines(text)),
      });
  }
  return nacre;
}

/** commander has printed its own complaints already. */
function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
  io.err.write(`nacre: ${escapeLines(asError(error).message)}\n`);
  return error instanceof ConfigError ? exitCodes.configuration.code : exitCodes.failure.code;
}

/** Our own line ends stay. */
const escapeLines = (text: string): string => text.split('\n').map(escapeText).join('\n');
