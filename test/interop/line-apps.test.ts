/** The examples of the line editor as people meet them: OpenSSH's client in a real terminal (tmux); and their page. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDeadline } from './running-server.ts';
import type { Screen } from './screen.ts';
import { canVisit, ServedApp } from './served-app.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Declare the tests of one example, all on one screen. */
function example(name: string, facts: (screen: () => Screen) => void): void {
  describe(`examples/terminal/${name}.ts`, () => {
    let served: ServedApp;
    let screen: Screen;
    beforeAll(async () => {
      served = await ServedApp.example(name);
      screen = served.visit();
    }, startDeadline);
    afterAll(() => served[Symbol.dispose]());
    facts(() => screen);
  });
}

function facts(): void {
  example('ask', visit => {
    test('asks for this and that, and says what it heard', async () => {
      const screen = visit();
      await screen.until(/^Name:$/m);
      screen.enter('Ann');
      await screen.until(/^Colour:$/m);
      screen.press('g');
      screen.press('Tab');
      await screen.until(/^Colour: green$/m);
      screen.press('Enter');
      await screen.until(/^Password:$/m);
      screen.enter('secret');
      await screen.until(/^Password: \*{6}\nAbout you/m);
      screen.enter('I have');
      screen.enter('two lines.');
      await screen.until(/^Ann likes green; 6 characters of password; 2 lines\.$/m);
    });

    test('keeps the line right while the window changes its size', async () => {
      const screen = visit();
      screen.press('x'.repeat(150));
      await screen.until(/^Enter to leave x{85}\nx{65}$/m);
      screen.resize(60, 30);
      await screen.until(/lines\.\nEnter to leave x{45}\nx{60}\nx{45}$/m);
      screen.resize(120, 30);
      await screen.until(/lines\.\nEnter to leave x{105}\nx{45}$/m);
      screen.press('Enter');
      await screen.until(/^ended with status 0$/m);
    });
  });

  example('repl', visit => {
    test('runs what is typed, inside of the server, and lets it end nothing', async () => {
      const screen = visit();
      await screen.until(/^visits, wait, user\n>$/m);
      screen.enter('visits.get(user)');
      await screen.until(/^> visits\.get\(user\)\n1\n>$/m);
      screen.enter('wait(300, "later")');
      await screen.until(/^Promise #1 \{ <pending> \}$/m);
      screen.press('typed');
      await screen.until(/^Promise #1: 'later'\n> typed$/m);
      screen.press('C-c');
      screen.enter('console.log("waiting"); await wait(1e8)');
      await screen.until(/^waiting$/m);
      screen.press('C-c');
      await screen.until(/^interrupted\n>$/m);
      screen.enter('(async () => { await wait(1); throw "of a line" })(); 1');
      await screen.until(/^1\nUncaught 'of a line'\n>$/m);
      screen.enter('wait(1).then(() => { throw "of the program" }); 2');
      await screen.until(/^2\nUncaught 'of the program'\n>$/m);
      screen.press('C-d');
      await screen.until(/^ended with status 0$/m);
    });
  });
}

function isolatedFacts(): void {
  example('isolated-repl', visit => {
    test('goes on whatever its lines do to their process', async () => {
      const screen = visit();
      await screen.until(/^user, visitsOf\n>$/m);
      screen.enter('var kept = await visitsOf(user); kept');
      await screen.until(/^1\n>$/m);
      screen.enter('console.log("busy"); await 1; for (;;) 0');
      await screen.until(/^busy$/m);
      screen.press('C-c');
      await screen.until(/^\[interrupted while it was busy: what was declared is lost\]\n>$/m);
      screen.enter('new Array(1e8).fill({})');
      await screen.until(/^\[its process ended \(SIG\w+\): what was declared is lost\]\n>$/m);
      screen.enter('typeof kept');
      await screen.until(/^'undefined'\n>$/m);
      screen.press('C-d');
      await screen.until(/^ended with status 0$/m);
    });
  });
}

describe('over ssh', () => {
  if (!canVisit()) return;
  facts();
  isolatedFacts();
});

test('docs/line-editor.md shows the examples as they are', () => {
  const page = readFileSync(`${root}docs/line-editor.md`, 'utf8');
  const shown = Array.from(page.matchAll(/^<!-- (\S+) -->\n```ts\n([^]*?)^```$/gm), ([, path, code]) => ({
    path,
    code,
  }));
  expect(shown.map(({ path }) => path)).toEqual(
    ['serve-app', 'ask', 'repl', 'isolated-repl'].map(name => `examples/terminal/${name}.ts`),
  );
  for (const { path, code } of shown) expect(code).toBe(readFileSync(root + path, 'utf8'));
});
