/** The examples that are made of widgets, as people meet them: OpenSSH's client in a real terminal (tmux). */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startDeadline } from './running-server.ts';
import type { Screen } from './screen.ts';
import { canVisit, ServedApp } from './served-app.ts';

let folder: string;

/** Declare the tests of one example: it runs for all of them, each has a screen of its own. */
function example(name: string, shows: RegExp, facts: (screen: () => Screen, another: () => Screen) => void): void {
  describe(`examples/terminal/${name}.ts`, () => {
    let served: ServedApp;
    let screen: Screen;

    beforeAll(async () => {
      served = await ServedApp.example(name, { NACRE_FOLDER: folder });
    }, startDeadline);
    afterAll(() => served[Symbol.dispose]());

    beforeEach(async () => {
      screen = served.visit();
      await screen.until(shows);
    });
    afterEach(() => served.clear());

    facts(
      () => screen,
      () => served.visit(),
    );
  });
}

function facts(): void {
  beforeAll(() => {
    folder = makeFolder();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  example('form', /an order/, screen => {
    test('is filled in and sent, and gives the screen back', async () => {
      screen().type('Ada 日本');
      screen().press('Tab');
      screen().type('secret');
      screen().press('Tab');
      screen().press('Up');
      for (let field = 0; field < 3; field += 1) screen().press('Tab');
      screen().press('Enter');
      await screen().until(/Ada 日本 orders one small[^]*The password has 6 characters[^]*Send it/);
      screen().press('Enter');
      expect(await screen().until(/ended with status 0/)).not.toMatch(/an order/);
    });

    test('is drawn anew in another size', async () => {
      screen().resize(60, 20);
      await screen().until(/^╭─ an order ─{47}╮$/m);
    });
  });

  example('dashboard', /processors, % busy/, screen => {
    test('is live, and changes its page', async () => {
      await screen().until(/busy +\d+ % +load \d/);
      screen().press('Right');
      await screen().until(/heapUsed +\d+\.\d/);
      screen().press('q');
      await screen().until(/ended with status 0/);
    });
  });

  example('chat', /has come/, (screen, another) => {
    test('what one says, the other reads', async () => {
      const other = another();
      await screen().until(/(has come[^]*){2}/);
      screen().enter('hello there');
      await other.until(/: hello there/);
      other.press('C-c');
      await screen().until(/has left/);
    });
  });

  example('file-picker', /inner\//, screen => {
    test('goes into folders and up again, and picks files', async () => {
      screen().press('Enter');
      await screen().until(/deep\.txt +4/);
      screen().press('Enter');
      await screen().until(/picked inner\/deep\.txt/);
      screen().press('BSpace');
      await screen().until(/^.*inner\/ /m);
      screen().press('BSpace');
      screen().press('q');
      await screen().until(/ended with status 0/);
    });
  });
}

/** A folder with a folder and a file in it. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-folder-'));
  mkdirSync(join(folder, 'inner'), { recursive: true });
  writeFileSync(join(folder, 'inner', 'deep.txt'), 'deep');
  writeFileSync(join(folder, 'top.txt'), 'top');
  return folder;
}

describe('examples made of widgets', () => {
  if (canVisit()) facts();
});
