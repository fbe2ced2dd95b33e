/** `nacre keygen`: an ed25519 key pair in OpenSSH format, as `ssh-keygen -t ed25519` makes. Never replaces a file unasked. */
import { hostname } from 'node:os';
import { Command } from 'commander';
import { createKeyPair } from '../../keys/index.ts';
import { escapeText } from '../../transport/escape.ts';
import type { Io } from '../io.ts';
import { absolutePath } from '../paths.ts';

interface KeygenFlags {
  readonly file: string;
  readonly comment: string;
  readonly passphrase: string;
  readonly force: boolean;
}

const examples = `
Examples:
  nacre keygen                                        a key of your own, in ~/.ssh/id_ed25519
  nacre keygen -f ssh_host_ed25519_key                a host key for nacre serve --host-key
  nacre keygen -f deploy -C 'deploy@ci' -N 'secret'   with a comment, locked by a passphrase

A passphrase on the command line can be seen by others on this machine while the command runs.
`;

export const keygenCommand = (io: Io): Command =>
  new Command('keygen')
    .description('make an ed25519 key pair, for a server or for yourself')
    .option(
      '-f, --file <file>',
      'where to write the private key; the public key goes to <file>.pub',
      '~/.ssh/id_ed25519',
    )
    .option('-C, --comment <comment>', 'what to call the key', `${io.user.name}@${hostname()}`)
    .option('-N, --passphrase <passphrase>', 'lock the private key; empty means unlocked', '')
    .option('--force', 'replace the file if there is one', false)
    .addHelpText('after', examples)
    .action((flags: KeygenFlags) => keygen(flags, io));

async function keygen({ file, comment, passphrase, force }: KeygenFlags, io: Io): Promise<void> {
  const path = absolutePath(file, io.directory, io.user.home);
  const key = await createKeyPair(path, { comment, passphrase, replace: force });
  const name = escapeText(path);
  io.out.write(`Your identification has been saved in ${name}\nYour public key has been saved in ${name}.pub\n`);
  io.out.write(`The key fingerprint is:\n${key.fingerprint} ${escapeText(comment)}\n`);
}
