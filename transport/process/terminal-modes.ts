/**
 * Terminal modes of a pty request as arguments of stty(1), by a table.
 *
 * Only words of this table and numbers checked here can come out: nothing of the peer's is passed on as text.
 * An opcode or value that Linux lacks is skipped, because stty applies nothing at all if it dislikes one argument.
 * Sources: RFC 4254 §8; OpenSSH ttymodes.h and ttymodes.c; stty of coreutils 9.1; Linux drivers/tty/pty.c.
 */

/** Opcode to value, in the order of the wire. */
export type TerminalModes = ReadonlyMap<number, number>;

/** Opcodes of the modes that this project asks about itself. */
export const VEOF = 5;
export const ICANON = 51;

/** The value that switches a control character off (RFC 4254 §8). */
export const DISABLED = 255;

/**
 * How the kernel makes a pty, which is what sshd starts from, where node-pty makes it otherwise (its EOL is byte 255). IUTF8 is left
 * on: without it, erasing a character of several bytes erases one of them.
 */
const kernelDefaults = ['-brkint', '-ixany', '-imaxbel', '-hupcl', 'eol', 'undef', 'eol2', 'undef'];

/** Control characters. VDSUSP (11), VFLUSH (15) and VSTATUS (17) do not exist on Linux. */
const characters = {
  1: 'intr',
  2: 'quit',
  3: 'erase',
  4: 'kill',
  5: 'eof',
  6: 'eol',
  7: 'eol2',
  8: 'start',
  9: 'stop',
  10: 'susp',
  12: 'rprnt',
  13: 'werase',
  14: 'lnext',
  16: 'swtch',
  18: 'discard',
} as const;

/**
 * Flags, on unless the value is 0. Left out: PENDIN (62), which is no setting but a moment; CS7 (90), CS8 (91) and
 * PARENB (92), because the pty driver fixes them at 8 bits without parity (pty_set_termios), also under sshd.
 */
const flags = {
  30: 'ignpar',
  31: 'parmrk',
  32: 'inpck',
  33: 'istrip',
  34: 'inlcr',
  35: 'igncr',
  36: 'icrnl',
  37: 'iuclc',
  38: 'ixon',
  39: 'ixany',
  40: 'ixoff',
  41: 'imaxbel',
  42: 'iutf8',
  50: 'isig',
  51: 'icanon',
  52: 'xcase',
  53: 'echo',
  54: 'echoe',
  55: 'echok',
  56: 'echonl',
  57: 'noflsh',
  58: 'tostop',
  59: 'iexten',
  60: 'echoctl',
  61: 'echoke',
  70: 'opost',
  71: 'olcuc',
  72: 'onlcr',
  73: 'ocrnl',
  74: 'onocr',
  75: 'onlret',
  93: 'parodd',
} as const;

/** TTY_OP_ISPEED and TTY_OP_OSPEED. Linux has one speed for both directions, so the last one holds, as under sshd. */
const speedOpcodes = [128, 129];

/** Those of termios(3). 0 is left out: it would hang the terminal up. */
const speedValues: ReadonlySet<number> = new Set([
  50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800,
  500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000,
]);

type Translate = (value: number) => readonly string[];

const character =
  (name: string): Translate =>
  value => {
    if (value > DISABLED) return [];
    return [name, value === DISABLED ? 'undef' : `0x${value.toString(16).padStart(2, '0')}`];
  };
const flag =
  (name: string): Translate =>
  value => [value === 0 ? `-${name}` : name];
const speed: Translate = value => (speedValues.has(value) ? [String(value)] : []);

const rows = (names: Readonly<Record<number, string>>, translate: (name: string) => Translate): [number, Translate][] =>
  Object.entries(names).map(([opcode, name]) => [Number(opcode), translate(name)]);

const table: ReadonlyMap<number, Translate> = new Map([
  ...rows(characters, character),
  ...rows(flags, flag),
  ...speedOpcodes.map((opcode): [number, Translate] => [opcode, speed]),
]);

/** The arguments of one stty call that gives a terminal these modes, in the order of `modes`. */
export function sttyArguments(modes: TerminalModes): readonly string[] {
  return [...kernelDefaults, ...[...modes].flatMap(([opcode, value]) => table.get(opcode)?.(value) ?? [])];
}
