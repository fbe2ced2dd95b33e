/**
 * Holds docs/screens/ to the examples: each picture is what the program shows on a terminal, over OpenSSH's client.
 *
 * `DRAW=1 npm run -s jest -- test/interop/screens` draws them anew.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDeadline } from './running-server.ts';
import type { Seat } from './seat.ts';
import { canVisit, ServedApp } from './served-app.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const size = { columns: 80, rows: 24 } as const;

interface Shot {
  readonly picture: string;
  readonly example: string;
  /** What is typed, and what the screen shows then; first what it shows before. */
  readonly steps: ReadonlyArray<readonly [keys: string, shows: RegExp]>;
  /** Somebody else is there, too. */
  readonly others?: ReadonlyArray<readonly [user: string, says: string]>;
}

const down = '\x1b[B';
const shots: readonly Shot[] = [
  {
    picture: 'form',
    example: 'form',
    steps: [
      ['', /Cancel/],
      ['Ada Lovelace\tmechanical\t', /Ada Lovelace[^]*••••••••••/],
      [`${down}\tRing twice, please.`, /Ring twice, please\./],
    ],
  },
  {
    picture: 'form-dialog',
    example: 'form',
    steps: [
      ['', /Cancel/],
      ['Ada Lovelace\tmechanical\t\t\t\t\r', /Send it/],
    ],
  },
  { picture: 'dashboard', example: 'dashboard', steps: [['', /^⠋ live/m]] },
  {
    picture: 'chat',
    example: 'chat',
    others: [
      ['grace', 'Is anybody here?'],
      ['ada', 'I am. 日本からこんにちは!'],
      ['grace', 'How many lines of this are terminal escapes?'],
    ],
    steps: [['None of mi', /ada> None of mi/]],
  },
  {
    picture: 'repl',
    example: 'repl',
    steps: [
      ['', /^>/m],
      ['visits\r', /Map\(1\)[^]*^>/m],
      ['await wait(20, { answer: 42, list: [1, "two", null] })\r', /answer: 42[^]*^>/m],
      ['user.toUpperCase(\r', /^…/m],
      [')\r', /'ADA'/],
      ['const sum = [1, 2, 3].reduce((sum, each) => sum + each', /sum \+ each$/m],
    ],
  },
  {
    picture: 'file-picker',
    example: 'file-picker',
    steps: [
      ['', /q ends/],
      [down + down, /q ends/],
    ],
  },
];

function facts(): void {
  let folder: string;
  const served = new Map<string, ServedApp>();

  beforeAll(async () => {
    folder = makeFolder();
    for (const example of new Set(shots.map(shot => shot.example)))
      served.set(example, await ServedApp.example(example, { NACRE_FOLDER: join(folder, 'papers'), NACRE_DEMO: '1' }));
  }, startDeadline);
  afterAll(() => {
    for (const app of served.values()) app[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(shots.map(shot => [shot.picture, shot] as const))(
    '%s',
    async (_title, { picture, example, steps, others = [] }) => {
      const file = `${root}docs/screens/${picture}.svg`;
      using seats = new Seats(served.get(example)!);
      for (const [user, says] of others) {
        const seat = await seats.of(user);
        seat.type(`${says}\r`);
        await seat.until(({ text }) => text.includes(`${user}: ${says}`), says);
      }
      const seat = await seats.of('ada');
      for (const [keys, shows] of steps) {
        seat.type(keys);
        await seat.until(({ text }) => shows.test(text), String(shows));
      }
      if (process.env['DRAW'] === '1') await draw(seat, steps.at(-1)![1], file);
      const expected = readFileSync(file, 'utf8');
      await seat.until(screen => screen.toSvg() === expected, `as in ${file}`);
    },
    90_000,
  );
}

/** Who is where; a user has one seat. */
class Seats implements Disposable {
  readonly #app: ServedApp;
  readonly #seats = new Map<string, Seat>();

  constructor(app: ServedApp) {
    this.#app = app;
  }

  async of(user: string): Promise<Seat> {
    const seat = this.#seats.get(user) ?? this.#app.sit(user, size);
    this.#seats.set(user, seat);
    await seat.until(({ text }) => text.trim() !== '', 'drawn');
    return seat;
  }

  [Symbol.dispose](): void {
    for (const seat of this.#seats.values()) seat[Symbol.dispose]();
  }
}

/** When all has come that will come. */
async function draw(seat: Seat, shows: RegExp, file: string): Promise<void> {
  await pause(500);
  await seat.until(({ text }) => shows.test(text), String(shows));
  mkdirSync(`${root}docs/screens`, { recursive: true });
  writeFileSync(file, seat.screen.toSvg());
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-folder-'));
  for (const name of ['drafts', 'letters', '写真']) mkdirSync(join(folder, 'papers', name), { recursive: true });
  const files = { 'analytical-engine.txt': 31_415, 'notes.md': 1_843, 'results.csv': 2_718_281, 'über.txt': 7 };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, 'papers', name), Buffer.alloc(bytes));
  return folder;
}

describe('docs/screens/', () => {
  if (canVisit()) facts();
});

test('docs/terminal-apps.md shows every picture, and every example', () => {
  const page = readFileSync(`${root}docs/terminal-apps.md`, 'utf8');
  const pictures = readdirSync(`${root}docs/screens`);
  expect(pictures.sort()).toEqual(shots.map(({ picture }) => `${picture}.svg`).sort());
  expect(pictures.filter(name => !page.includes(`(screens/${name})`))).toEqual([]);
  const examples = readdirSync(`${root}examples/terminal`).map(name => name.replace(/\.ts$/, ''));
  expect(examples.filter(name => !page.includes(`(../examples/terminal/${name}.ts)`))).toEqual([]);
});
