/** Programs in a process of their own, which is replaced when it dies. */
import { startProcessHost, type IProcessProtocol, type Program } from 'nacre/transport';

const shell = (text: string): Program => ({ file: '/bin/sh', args: ['-c', text], environment: {}, cwd: '/' });

const watcher = (over: (what: string) => void): IProcessProtocol => ({
  makeConnection: () => undefined,
  outReceived: data => console.log(Buffer.from(data).toString().trim()),
  errReceived: () => undefined,
  processExited: () => undefined,
  processEnded: ({ code }) => over(`status ${code}`),
  processLost: error => over(error.message),
});

await using host = await startProcessHost({
  onEvent: ({ event }) => console.log(event),
});

const end = await new Promise<string>(resolve => void host.spawn(shell('echo hello; exit 7'), watcher(resolve)));
console.log(end);

const lost = await new Promise<string>(resolve => {
  void host.spawn(shell('read nothing'), watcher(resolve)).then(() => process.kill(host.pid ?? 0, 'SIGKILL'));
});
console.log(lost);

const again = await new Promise<string>(resolve => void host.spawn(shell('exit 0'), watcher(resolve)));
console.log(again);
