/** What every control function does to a screen, seen in a real terminal (tmux). */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { reset } from '../../terminal/output/index.ts';
import { screenFacts } from '../terminal/output/screen-facts.ts';
import { vttestScenes } from '../terminal/output/vttest-scenes.ts';
import { has } from './missing.ts';
import { Screen } from './screen.ts';

const tmux = { name: 'tmux', packages: 'tmux', isInstalled: () => existsSync('/usr/bin/tmux') };

/** Shows each file whose name is typed, unechoed and with nothing added. */
const show = 'stty -echo -opost; while IFS= read -r name; do cat "$name"; done';

function facts(): void {
  let home: string;
  let screen: Screen;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'nacre-screen-'));
    screen = new Screen({ file: 'bash', args: ['--norc', '-c', show] }, home);
  });
  afterAll(() => {
    screen[Symbol.dispose]();
    rmSync(home, { recursive: true, force: true });
  });

  const scenes = vttestScenes({ columns: 100, rows: 30 });
  const shown = [...screenFacts, ...scenes].filter(({ notOn }) => !notOn?.tmux);
  test.each(shown.map((fact, index) => [fact.title, fact, index] as const))('%s', async (_title, fact, index) => {
    const file = join(home, `fact-${index}`);
    const before = join(home, 'before');
    writeFileSync(before, `${reset()}ready for ${index}`);
    writeFileSync(file, reset() + fact.writes);
    screen.enter(before);
    await screen.untilRows([`ready for ${index}`]);
    screen.enter(file);
    await screen.untilRows(fact.shows);
  });
}

describe('on the screen of tmux', () => {
  if (has(tmux)) facts();
});
