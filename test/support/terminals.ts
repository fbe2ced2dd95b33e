/** Terminals for tests. */
import type { Terminal } from '../../transport/process/started-on-terminal.ts';

export const terminal = (modes: ReadonlyArray<readonly [opcode: number, value: number]> = []): Terminal => ({
  term: '',
  size: { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 },
  modes: new Map(modes),
});

/** No echo and no output processing; lines and the EOF character stay. */
export const quiet = terminal([
  [53, 0],
  [70, 0],
]);
