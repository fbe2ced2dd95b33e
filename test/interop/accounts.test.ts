/** `nacre serve` with `accounts: system`, run by root: OpenSSH's client logs in as users of the machine. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { makeAccount, type AccountLooks, type TestAccount } from '../support/accounts.ts';
import { describeAsRoot } from '../support/as-root.ts';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { startConfiguredServer } from './nacre-server.ts';
import { peers, sshOptions } from './peers.ts';
import { rawRequests } from './raw-requests.ts';
import { run, runScript, type Outcome } from './run.ts';
import { startDeadline, type RunningServer } from './running-server.ts';

/** Without penalties, which would soon keep out a client that fails on purpose. */
const configuration = `
accounts: system
system: { denyGroups: [games] }
admission: { penalties: { enabled: false } }
`;

const paramiko = peers.find(({ name }) => name === 'paramiko')!;

describeAsRoot('users of the machine', () => {
  let server: RunningServer;
  const made: TestAccount[] = [];
  const logins: Login[] = [];

  beforeAll(async () => void (server = await startConfiguredServer(configuration)), startDeadline);
  afterAll(() => server.close());
  afterEach(() => {
    for (const { remove } of [...made.splice(0), ...logins.splice(0)]) remove();
  });

  const account = (looks?: AccountLooks): TestAccount => {
    const one = makeAccount(server.keyFile, looks);
    made.push(one);
    return one;
  };

  const ssh = (user: string, ...words: string[]): Promise<Outcome> => {
    const login = makeLogin({ ...server, user });
    logins.push(login);
    return run({ file: 'ssh', args: [...sshOptions(login), login.host, ...words] }, { home: login.home });
  };

  for (const terminal of [[], ['-tt']]) {
    test(`have exactly their own groups, ssh ${terminal.join(' ')}`, async () => {
      const { name } = account({ groups: ['audio', 'video'] });
      const { stdout } = await ssh(name, ...terminal, 'id; grep Groups /proc/self/status');
      const groups = execFileSync('id', ['-G', name])
        .toString()
        .trim()
        .split(' ')
        .map(Number)
        .sort((a, b) => a - b);
      const told = execFileSync('id', [name]).toString() + `Groups:\t${groups.join(' ')} \n`;
      expect(stdout.toString().replaceAll('\r', '')).toBe(told);
    });
  }

  test('start at home, with their own shell and environment', async () => {
    const { name, home } = account({ shell: '/bin/sh' });
    const { stdout } = await ssh(name, 'pwd; echo $0 $USER $LOGNAME $HOME $SHELL $(umask); echo x >f; stat -c %U f');
    expect(stdout.toString()).toBe(`${home}\nsh ${name} ${name} ${home} /bin/sh 0022\n${name}\n`);
  });

  test('own their terminal', async () => {
    const { name } = account();
    const { stdout } = await ssh(name, '-tt', 'stat -c "%U %G %a" $(tty); mesg n; stat -c %a $(tty)');
    expect(stdout.toString()).toBe(`${name} tty 620\r\n600\r\n`);
  });

  if (has({ name: 'tmux', packages: 'tmux', isInstalled: () => existsSync('/usr/bin/tmux') })) {
    test('can run tmux', async () => {
      const { name } = account();
      const { stdout } = await ssh(name, '-tt', "tmux new-session 'echo inside >out'; cat out");
      expect(stdout.toString()).toMatch(/inside\r\n$/);
    });
  }

  const pinentry = {
    name: 'pinentry-tty',
    packages: 'gnupg pinentry-tty',
    isInstalled: () => existsSync('/usr/bin/pinentry-tty'),
  };
  if (has(paramiko) && has(pinentry)) {
    test('are asked by gpg’s pinentry on their terminal, and what they type stays secret', async () => {
      const { name, home } = account();
      const login = makeLogin({ ...server, user: name });
      logins.push(login);
      const gpg = 'gpg --quiet --batch --no-options';
      const steps = [
        `pty 'exec:umask 077; export GPG_TTY=$(tty) GNUPGHOME=$HOME/keys; mkdir keys;`,
        `echo pinentry-program /usr/bin/pinentry-tty >keys/gpg-agent.conf; echo treasure >plain;`,
        `${gpg} --no-symkey-cache --output sealed --symmetric plain; echo sealed $?; gpgconf --kill all;`,
        `${gpg} --pinentry-mode loopback --passphrase open-sesame --decrypt sealed; gpgconf --kill all'`,
        `'expect:Passphrase:' 'type:open-sesame\\n' 'expect:Repeat:' 'type:open-sesame\\n'`,
      ];
      const { stdout } = await runScript(`${rawRequests(login)}\nraw ${steps.join(' ')}`, {
        home: login.home,
      });
      expect(stdout.toString()).toMatch(/sealed 0\\r\\ntreasure\\r\\n/);
      expect(stdout.toString()).not.toContain('open-sesame');
      expect(existsSync(`${home}/sealed`)).toBe(true);
    });
  }

  test('do not get in by the key of somebody else', async () => {
    const [{ name: one, home }, { name: other }] = [account(), account()];
    execFileSync('rm', [`${home}/.ssh/authorized_keys`]);
    expect([(await ssh(one, 'id')).code, (await ssh(other, 'id')).code]).toEqual([255, 0]);
  });

  // looks, why they do not get in
  const refused: Array<[looks: AccountLooks, why: string]> = [
    [{ password: '!' }, 'the account is locked'],
    [{ shell: '/usr/sbin/nologin' }, 'the shell is not for people'],
    [{ shell: '/usr/bin/env' }, 'the shell is not in /etc/shells'],
    [{ groups: ['games'] }, 'denyGroups names a group'],
  ];
  test.each(refused)('with %j do not get in: %s', async looks => {
    const { code, stderr } = await ssh(account(looks).name, 'id');
    expect([code, stderr.toString()]).toEqual([255, expect.stringContaining('Permission denied (publickey)')]);
  });

  test('do not get in if others can write to their keys', async () => {
    const { name, home } = account();
    execFileSync('chmod', ['o+w', `${home}/.ssh`]);
    expect((await ssh(name, 'id')).code).toBe(255);
  });

  test.each(['root', 'no-such-user', '0', 'root+'])('%s is none of them', async name => {
    const { code, stderr } = await ssh(name, 'id');
    expect([code, stderr.toString()]).toEqual([255, expect.stringContaining('Permission denied (publickey)')]);
  });
});
