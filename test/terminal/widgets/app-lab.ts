/** An app on a terminal whose other end is a screen to look at, with time that stands still. */
import { App } from '../../../terminal/widgets/app.ts';
import type { AppOptions } from '../../../terminal/widgets/app-options.ts';
import type { Widget } from '../../../terminal/widgets/widget.ts';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';
import type { ServerTerminal, TerminalEnd } from '../../../terminal/server-terminal.ts';
import { startTerminal } from '../../../terminal/start-terminal.ts';
import { StringTransport } from '../../../transport/memory/string-transport.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** What keys send, by the names of docs/keys.md. Others are sent as they are written. */
const keys: Readonly<Record<string, string>> = {
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  delete: '\x1b[3~',
  backspace: '\x7f',
  enter: '\r',
  tab: '\t',
  'shift+tab': '\x1b[Z',
  space: ' ',
  'control+left': '\x1b[1;5D',
  'control+right': '\x1b[1;5C',
  'control+a': '\x01',
  'control+b': '\x02',
  'control+c': '\x03',
  'control+d': '\x04',
  'control+e': '\x05',
  'control+f': '\x06',
  'control+h': '\x08',
  'control+k': '\x0b',
  'control+u': '\x15',
  'control+w': '\x17',
  'alt+d': '\x1bd',
  'alt+backspace': '\x1b\x7f',
};

export interface AppLab {
  readonly app: App;
  readonly terminal: ServerTerminal;
  readonly screen: ScreenBuffer;
  readonly wire: StringTransport;
  readonly clock: FakeClock;
  /** How the app has ended; undefined while it has not. */
  readonly end: () => TerminalEnd | undefined;
  /** Press keys, one after the other, and look when all has been drawn. */
  readonly press: (...names: string[]) => readonly string[];
  readonly paste: (text: string) => readonly string[];
  readonly click: (column: number, row: number) => readonly string[];
  readonly wheel: (direction: 'up' | 'down', column: number, row: number) => readonly string[];
  readonly resize: (columns: number, rows: number) => readonly string[];
  /** Let time pass, and look. */
  readonly pass: (milliseconds: number) => readonly string[];
  /** The rows of the screen. */
  readonly look: () => readonly string[];
  /** How many bytes were drawn since the last look. */
  readonly bytes: () => number;
}

export function openApp(root: Widget, columns: number, rows: number, options: AppOptions = {}): AppLab {
  const screen = new ScreenBuffer({ columns, rows });
  const wire = new StringTransport();
  const clock = new FakeClock();
  const app = new App(root, { clock, ...options });
  const size = { columns, rows, widthPixels: 0, heightPixels: 0 };
  let ended: TerminalEnd | undefined;
  const terminal = startTerminal(wire, app, { clock, size }, end => {
    ended = end;
    wire.loseConnection();
  });
  let written = 0;
  const pass = (milliseconds: number): readonly string[] => {
    clock.pass(milliseconds);
    const bytes = wire.value();
    written = bytes.length;
    wire.clear();
    screen.write(bytes);
    screen.takeReplies();
    return screen.rows.map(row => row.trimEnd());
  };
  const say = (bytes: string): readonly string[] => {
    wire.receive(Buffer.from(bytes));
    return pass(20);
  };
  const mouse = (button: number, column: number, row: number): string => `\x1b[<${button};${column + 1};${row + 1}`;
  pass(0);
  return {
    app,
    terminal,
    screen,
    wire,
    clock,
    end: () => ended,
    press: (...names) => say(names.map(name => keys[name] ?? name).join('')),
    paste: text => say(`\x1b[200~${text}\x1b[201~`),
    click: (column, row) => say(`${mouse(0, column, row)}M${mouse(0, column, row)}m`),
    wheel: (direction, column, row) => say(`${mouse(direction === 'up' ? 64 : 65, column, row)}M`),
    resize: (newColumns, newRows) => {
      screen.resize(newColumns, newRows);
      terminal.resized({ ...size, columns: newColumns, rows: newRows });
      return pass(20);
    },
    pass,
    look: () => pass(0),
    bytes: () => written,
  };
}
