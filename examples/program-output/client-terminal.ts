/** A program on the terminal of somebody else, which is put back although the program forgets to. */
import { ClientTerminal, ScreenBuffer, startTerminal, TerminalProtocol } from 'nacre/terminal';
import { loopback } from 'nacre/transport';

const screen = new ScreenBuffer({ columns: 30, rows: 3 });
const [ours, theirs] = loopback();
theirs.start({
  makeConnection: () => undefined,
  dataReceived: data => screen.write(data),
  connectionLost: () => console.log(`after it: ${JSON.stringify(screen.text)}, title ${JSON.stringify(screen.title)}`),
});
screen.write('$ program');
const terminal = startTerminal(ours, new TerminalProtocol(), { convertNewlines: false });

const [program, programEnd] = loopback();
const client = new ClientTerminal(terminal);
programEnd.start(client);
program.write(Buffer.from('\x1b[?1049h\x1b[Hfull screen\x1b]2;mine\x07\x1bPwhat is this?\x1b\\'));
program.loseConnection();

await client.ended;
await screen.until('full screen');
console.log(`while it runs: ${JSON.stringify(screen.text)}`);
terminal.loseConnection();
