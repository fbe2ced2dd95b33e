/** A real GNU Readline: bash reading lines with `read -e` on a pty of its own. */
import { env } from 'node:process';
import type { IProcessTransport } from '../../../transport/contracts.ts';
import { spawnPty } from '../../../transport/process/pty.ts';

const BEFORE = '\x1e';
const AFTER = '\x1f';

const script = (settings: string, history: readonly string[]): string => `
stty -ixon lnext undef
${history.map(line => `history -s ${quote(line)}`).join('\n')}
${settings}
bind 'set enable-bracketed-paste off'
bind 'set enable-active-region off'
bind 'set bell-style none'
bind 'set revert-all-at-newline on'
bind 'set completion-query-items 0'
bind '"\\e[1;5C": forward-word'
bind '"\\e[1;5D": backward-word'
while :; do
  if IFS= read -r -e -p '> ' line; then printf '${BEFORE}line:%s${AFTER}' "$line"; else printf '${BEFORE}end:${AFTER}'; fi
done
`;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export class Bash implements Disposable {
  readonly #program: IProcessTransport;
  #out = '';
  #changed = (): void => undefined;

  constructor({ columns = 80, mode = 'emacs', history = [] as readonly string[] } = {}) {
    this.#program = spawnPty(
      {
        file: '/bin/bash',
        args: ['--norc', '--noprofile', '-c', script(`set -o ${mode}`, history)],
        cwd: '/',
        environment: { PATH: env['PATH'] ?? '', LC_ALL: 'C.UTF-8', INPUTRC: '/dev/null', HISTFILE: '' },
      },
      { term: 'xterm', size: { columns, rows: 24, widthPixels: 0, heightPixels: 0 }, modes: new Map() },
      {
        makeConnection: () => undefined,
        outReceived: data => this.#heard(data),
        errReceived: data => this.#heard(data),
        processExited: () => undefined,
        processEnded: () => undefined,
        processLost: () => undefined,
      },
    );
  }

  /** Resolves with what bash has shown, once it ends with `ending`. */
  async until(ending: RegExp): Promise<string> {
    while (!ending.test(this.#out)) await new Promise<void>(resolve => (this.#changed = resolve));
    return this.#out;
  }

  /** Send keys as they are. */
  send(keys: string): void {
    this.#program.write(Buffer.from(keys));
  }

  /** The line that these keys make. */
  async line(keys: string): Promise<string> {
    await this.until(/> $/);
    this.#out = '';
    this.send(keys);
    const shown = await this.until(/\x1e(line|end):[^\x1f]*\x1f/);
    return /\x1e((line|end):[^\x1f]*)\x1f/.exec(shown)?.[1] ?? '';
  }

  [Symbol.dispose](): void {
    this.#program.abortConnection();
  }

  #heard(data: Uint8Array): void {
    this.#out += Buffer.from(data).toString();
    this.#changed();
  }
}
