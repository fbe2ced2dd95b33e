/** A real terminal to put a client in: one tmux with one window, typed into and read like a person would. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clientEnvironment, type Invocation } from './run.ts';

const settings = `
set -g status off
set -g default-terminal screen-256color
set -g escape-time 0
`;

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export class Screen implements Disposable {
  readonly #tmux: (...args: string[]) => string;

  /**
   * Start a program in a window of 100 columns and 30 rows; tmux keeps its socket in `home`. When the program ends, the
   * screen says `ended with status N`: tmux itself does not always notice the status.
   */
  constructor({ file, args }: Invocation, home: string) {
    const config = join(home, 'tmux.conf');
    writeFileSync(config, settings);
    const options = { env: clientEnvironment(home), cwd: home, encoding: 'utf8', stdio: 'pipe' } as const;
    this.#tmux = (...command) => execFileSync('tmux', ['-S', join(home, 'tmux'), '-f', config, ...command], options);
    this.#tmux(
      'new-session',
      '-d',
      '-x',
      '100',
      '-y',
      '30',
      '--',
      'sh',
      '-c',
      '"$@"; echo ended with status $?; exec cat',
      'sh',
      file,
      ...args,
    );
  }

  /** Type `line` and Enter. */
  enter(line: string): void {
    this.type(line);
    this.press('Enter');
  }

  type(text: string): void {
    this.#tmux('send-keys', '-l', '--', text);
  }

  /** Press one key by its tmux name: `C-c`, `Enter`, `q`. */
  press(key: string): void {
    this.#tmux('send-keys', key);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Look until the screen shows `pattern`; rejects, with the screen, when it does not within the deadline. */
  async until(pattern: RegExp, deadline = 30_000): Promise<string> {
    const end = performance.now() + deadline;
    for (;;) {
      const text = this.#tmux('capture-pane', '-p');
      if (pattern.test(text)) return text;
      if (performance.now() > end) throw new Error(`the screen never showed ${pattern}:\n${text}`);
      await pause(25); // tmux cannot tell when its screen changes
    }
  }

  /** Look until the screen shows exactly these rows, blanks at their ends left out, and only empty ones below. */
  untilRows(rows: readonly string[], deadline?: number): Promise<string> {
    return this.until(new RegExp(`^${rows.map(literal).join(' *\\n')}\\s*$`), deadline);
  }

  [Symbol.dispose](): void {
    this.#tmux('kill-server');
  }
}
