/** A program on pipes, with one descriptor more than the usual three. */
import { spawnPipes, type IChildDescriptorProtocol, type Program } from 'nacre/transport';

const program: Program = {
  file: '/bin/sh',
  args: ['-c', 'read name; echo "hello, $name"; echo "what is 3?" >&2; echo three >&3; exit 7'],
  environment: { PATH: '/usr/bin:/bin' },
  cwd: '/',
  descriptors: [3],
};

const heard: string[] = [];
const hear = (what: string, data: Uint8Array): void =>
  void heard.push(`${what}: ${Buffer.from(data).toString().trim()}`);

await new Promise<void>(resolve => {
  const watcher: IChildDescriptorProtocol = {
    makeConnection: child => child.write(Buffer.from('world\n')),
    outReceived: data => hear('output', data),
    errReceived: data => hear('error', data),
    childDataReceived: (descriptor, data) => hear(`descriptor ${descriptor}`, data),
    childConnectionLost: () => undefined,
    processLost: () => undefined,
    processExited: ({ code }) => heard.push(`z: exited with ${code}`),
    processEnded: () => resolve(),
  };
  spawnPipes(program, watcher);
});
for (const line of heard.sort()) console.log(line);
