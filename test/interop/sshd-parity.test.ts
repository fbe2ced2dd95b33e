/**
 * Ours beside sshd, behaviour by behaviour: the same scripts of the same clients, as a user of the machine, and a table
 * of what each did. No difference stays without a reason.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type TestAccount } from '../support/accounts.ts';
import { describeAsRoot, isRoot } from '../support/as-root.ts';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { startConfiguredServer } from './nacre-server.ts';
import { parityRows, type ParityRow } from './parity-rows.ts';
import { peers } from './peers.ts';
import { prelude } from './openssh-streams.ts';
import { rawRequests } from './raw-requests.ts';
import { runScript } from './run.ts';
import { startDeadline, type RunningServer } from './running-server.ts';
import { sshd, startSshd } from './sshd.ts';

const paramiko = peers.find(({ name }) => name === 'paramiko');

/** One server and a user of it. */
interface Side {
  readonly server: RunningServer;
  readonly account: TestAccount;
  readonly login: Login;
}

async function openSide(start: () => Promise<RunningServer>): Promise<Side> {
  const server = await start();
  const account = makeAccount(server.keyFile);
  return { server, account, login: makeLogin({ ...server, user: account.name }) };
}

async function closeSide({ server, account, login }: Side): Promise<void> {
  login.remove();
  await server.close();
  account.remove();
}

/** What the script printed, without what has to differ: names, process ids, terminals. */
async function outcomeOf({ login, account }: Side, script: string, number: number): Promise<string> {
  const mark = `mark=${account.home}/mark${number}`;
  const helpers = `until_() { for ((i = 0; i < 600; i++)); do "$@" 2>/dev/null && return; sleep 0.05; done; echo late; }`;
  const words = [prelude(login), helpers, mark, rawRequests(login), script];
  const { stdout } = await runScript(words.join('\n'), { home: login.home, deadline: 60_000 });
  return stdout
    .toString('latin1')
    .replaceAll(account.name, 'USER')
    .replace(/\/dev\/pts\/\d+/g, '/dev/pts/N')
    .replace(/\[\d+\] \d+/g, '[1] PID')
    .replaceAll('\r', '')
    .replace(/^events .*$/gm, inAnyOrder);
}

/**
 * Output, EOF and status come in any order, as a server happens to hear of them: from sshd, even output behind the
 * status. The order that we keep is tested where there is nothing to compare it with (test/server).
 */
function inAnyOrder(events: string): string {
  const all = events.replace(/^events /, '').split(', ');
  const before = new Set(all.filter(event => event !== 'EOF' && event !== 'CLOSE'));
  return `events ${[...before].sort().join(', ')}${all.at(-1) === 'CLOSE' ? ', then CLOSE' : ''}`;
}

describeAsRoot('ours and sshd', () => {
  if (!isRoot || !has(sshd) || !paramiko || !has(paramiko)) return;
  let ours: Side;
  let theirs: Side;
  const table: string[] = [];

  beforeAll(async () => {
    const quiet = 'accounts: system\nsystem: { motd: null }\n';
    [ours, theirs] = [
      await openSide(() => startConfiguredServer(quiet)),
      await openSide(() => startSshd('PrintLastLog yes')),
    ];
  }, startDeadline);
  afterAll(async () => {
    await closeSide(ours);
    await closeSide(theirs);
    process.stderr.write(`\n${table.join('\n')}\n`);
  });

  describe('do the same', () => {
    parityRows.forEach(({ behaviour, script, differs }, number) => {
      test(
        differs ? `${behaviour} (or not: ${differs.why})` : behaviour,
        async () => {
          const [our, their] = await Promise.all([outcomeOf(ours, script, number), outcomeOf(theirs, script, number)]);
          table.push(row({ behaviour, script, ...(differs ? { differs } : {}) }, our, their));
          if (!differs) return expect(our).toBe(their);
          expect(our).not.toBe(their);
          expect(our).toMatch(differs.ours);
        },
        65_000,
      );
    });
  });
});

function row({ behaviour, differs }: ParityRow, our: string, their: string): string {
  const show = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  if (our === their) return `same    | ${behaviour} | ${show(our)}`;
  return `differs | ${behaviour} | ours ${show(our)} | sshd ${show(their)} | ${differs?.why ?? 'NOT EXPLAINED'}`;
}
