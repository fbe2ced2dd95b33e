/**
 * What OpenSSH's client must get from a server, as scripts a person could type: streams, endings, exit codes.
 *
 * In the scripts `ssh` knows the server under the name `host`, and the working directory is empty and temporary.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeLogin, type Login } from './login.ts';
import { sshOptions } from './peers.ts';
import { startDeadline, type RunningServer } from './running-server.ts';
import { runScript } from './run.ts';

interface Fact {
  readonly title: string;
  readonly script: string;
  readonly stdout: string;
  /** @default 0 */
  readonly code?: number;
  /** Milliseconds. @default 45_000 */
  readonly deadline?: number;
}

export const streamFacts: readonly Fact[] = [
  {
    title: 'a command with nothing on standard input sees the end of it',
    script: `ssh host 'cat; echo done' </dev/null`,
    stdout: 'done\n',
  },
  { title: 'ssh -n reads no standard input', script: `echo no | ssh -n host 'cat; echo done'`, stdout: 'done\n' },
  {
    title: 'the end of standard input reaches the command behind the data',
    script: `printf abc | ssh host 'cat; echo " end"'`,
    stdout: 'abc end\n',
  },
  {
    title: 'output goes on after the end of standard input',
    script: `printf abc | ssh host 'cat >/dev/null; seq 300000' | cmp - <(seq 300000) && echo same`,
    stdout: 'same\n',
  },
  {
    title: 'input goes on after the command has closed its output',
    script: `seq 300000 | ssh host 'exec >&- 2>&-; cat > "$HOME/.nacre-interop-$PPID"; exit $(wc -l < "$HOME/.nacre-interop-$PPID"; rm "$HOME/.nacre-interop-$PPID")'; echo $?`,
    stdout: `${300_000 % 256}\n`,
  },
  { title: 'exit 7 is 7', script: `ssh host 'exit 7'`, stdout: '', code: 7 },
  { title: 'exit 255 is 255', script: `ssh host 'exit 255'`, stdout: '', code: 255 },
  {
    title: 'a command that does not exist is 127',
    script: `ssh host nacre-no-such-command 2>/dev/null`,
    stdout: '',
    code: 127,
  },
  {
    title: 'a command that a signal ended is told as "exit-signal", not as a status',
    script: `ssh -v host 'kill -TERM $$' 2>&1 | grep -o 'rtype exit-s[a-z]*'`,
    stdout: 'rtype exit-signal\n',
  },
  {
    title: '6 MB on each of standard output and standard error arrive whole, and then status 3',
    script: `ssh host 'head -c 6000000 /dev/zero; head -c 6000000 /dev/zero >&2; exit 3' >out 2>err; echo $?; stat -c %s out err`,
    stdout: '3\n6000000\n6000000\n',
  },
  {
    title: '6 MB on each at the same time arrive whole and in order',
    script: `ssh host 'seq 900000 & seq 900000 >&2; wait' >out 2>err; seq 900000 | tee >(cmp - out >&2) | cmp - err && echo same`,
    stdout: 'same\n',
  },
  {
    title: '200 MB through cat come back unchanged, both ways at once',
    script: `head -c 200000000 /dev/urandom >big; ssh host cat <big | cmp - big && echo same`,
    stdout: 'same\n',
    deadline: 150_000,
  },
  {
    title:
      'a command may exit while its child still holds the output: what the child says arrives too, then the status',
    script: `ssh host '(sleep 0.5; echo late) & echo now; exit 5'`,
    stdout: 'now\nlate\n',
    code: 5,
  },
  {
    title: 'a child that holds nothing does not hold up the session',
    script: `ssh host 'sleep 60 </dev/null >/dev/null 2>&1 & echo now; exit 5'`,
    stdout: 'now\n',
    code: 5,
  },
  {
    title: 'on a terminal, a child that stays behind does not hold up the session',
    script: `ssh -tt host 'trap "" HUP; sleep 60 & echo now; exit 5' </dev/null`,
    stdout: 'now\r\n',
    code: 5,
  },
  {
    title: 'a client that is gone takes its command with it, once that writes',
    script: `
      mkfifo out; command ssh $options host 'echo $$; exec yes' >out &
      exec 3<out; read -u 3 pid; kill -0 $pid && echo running; kill -KILL $!
      while kill -0 $pid 2>/dev/null; do sleep 0.05; done; echo gone`,
    stdout: 'running\ngone\n',
  },
];

/** `eow@openssh.com`, from the client: it sends that only to servers that call themselves OpenSSH. */
export const unreadFacts: readonly Fact[] = [
  {
    title: 'a client whose output nobody reads stops the output of a command that would never end',
    script: `ssh host 'trap "" PIPE; yes 2>/dev/null; exit 5' </dev/null | head -1; echo \${PIPESTATUS[@]}`,
    stdout: 'y\n5 0\n',
  },
  {
    title: 'on a terminal, a command that nobody reads waits, and goes with its client',
    script: `
      mkfifo out; command ssh -tt $options host 'echo $$; exec yes' </dev/null >out &
      read pid <out; pid=\${pid%?}; kill -0 $pid && echo running; sleep 0.3; kill -0 $pid && echo waiting; kill $!
      while kill -0 $pid 2>/dev/null; do sleep 0.05; done; echo gone`,
    stdout: 'running\nwaiting\ngone\n',
  },
];

/** `eow@openssh.com`, to the client. sshd on Linux cannot: its programs have one socket for input and output. */
export const inputFacts: readonly Fact[] = [
  {
    title: 'a command that has closed its input is sent no more of it, and goes on',
    script: `yes | ssh -vv host "exec <&-; until grep -q 'rcv[d] eow' $PWD/log; do sleep 0.05; done; echo over" 2>log; grep -o 'rcvd eow' log`,
    stdout: 'over\nrcvd eow\n',
  },
];

/** Short outputs that end at once, over one connection, eight at a time: where bytes get lost if they ever do. */
export const tailFacts: readonly Fact[] = [
  ['without a terminal', ''],
  ['on a terminal', '-tt'],
].map(([where, flag]) => ({
  title: `200 times printf of 64 KiB and exit, ${where}: not a byte is lost`,
  script: `
    command ssh $options -fNM -S control host >/dev/null 2>&1
    seq 200 | xargs -P 8 -I_ bash -c "ssh ${flag} -S control host 'printf %065536d 7' 2>/dev/null </dev/null | wc -c" | sort | uniq -c
    ssh -S control -O exit host 2>/dev/null`,
  stdout: '    200 65536\n',
  deadline: 150_000,
}));

/** Declare `facts` against the server that `start` starts; it is stopped at the end. */
export function opensshFacts(title: string, start: () => Promise<RunningServer>, facts: readonly Fact[]): void {
  describe(title, () => {
    let server: RunningServer;
    let login: Login;
    beforeAll(async () => {
      server = await start();
      login = makeLogin(server);
    }, startDeadline);
    afterAll(async () => {
      login.remove();
      await server.close();
    });

    for (const { title, script, stdout, code = 0, deadline = 45_000 } of facts) {
      const check = async (): Promise<void> => {
        const outcome = await runScript(prelude(login) + script, { home: login.home, deadline });
        expect({ stdout: outcome.stdout.toString(), code: outcome.code }).toEqual({ stdout, code });
      };
      test(title, check, deadline + 5_000);
    }
  });
}

/** `ssh … host …` in the words of the script, with our options; exported, so that xargs may call it. */
export const prelude = (login: Login): string => `
  export options="${sshOptions(login).join(' ')} -o HostName=${login.host}"
  ssh() { command ssh $options "$@"; }
  export -f ssh
  cd "$(mktemp -d -p .)"
`;
