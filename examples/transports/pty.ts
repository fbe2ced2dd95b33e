/** A program on a terminal of its own, which grows while it runs. */
import { spawnPty, type IProcessProtocol } from 'nacre/transport';

const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 };
const program = {
  file: '/bin/sh',
  args: ['-c', 'test -t 0 && echo "a terminal"; stty size; read line; stty size'],
  environment: { PATH: '/usr/bin:/bin' },
  cwd: '/',
};

await new Promise<void>(resolve => {
  let shown = '';
  const screen: IProcessProtocol = {
    makeConnection: () => undefined,
    outReceived: data => {
      shown += Buffer.from(data).toString();
      if (!shown.endsWith('24 80\r\n')) return;
      child.resize({ ...size, columns: 132 });
      child.write(Buffer.from('\r'));
    },
    errReceived: () => undefined,
    processLost: () => undefined,
    processExited: () => undefined,
    processEnded: ({ code }) => {
      console.log(shown.replace(/[\r\n]+/g, '\n').trim());
      console.log('status', code);
      resolve();
    },
  };
  const child = spawnPty(program, { term: 'xterm', size, modes: new Map() }, screen);
});
