/** Tests of the counter with node:test: `node --test counter-test.js`. With jest they read the same. */
import { test } from 'node:test';
import { terminalTest } from 'nacre/testing';
import { Counter } from './counter.ts';

const small = { columns: 20, rows: 3 };

void test('it counts the keys, and shows what is below nothing in red', async () => {
  await using t = await terminalTest(() => new Counter(), small);
  await t.expectScreen(['count: 0', 'reset']);
  await t.press('up', 'up');
  await t.expectScreen(/count: 2/);
  await t.press('down', 'down', 'down');
  await t.expectStyle('count: -1', { foreground: 1, bold: true });
});

void test('it counts the seconds', async () => {
  await using t = await terminalTest(({ clock }) => new Counter(clock), small);
  await t.pass(3_000);
  await t.expectScreen(/count: 3/);
});

void test('a click resets it, also where the link cuts everything into bytes and is slow', async () => {
  const hostile = { split: 'bytes', latency: 80, bytesPerSecond: 2_000 } as const;
  await using t = await terminalTest(() => new Counter(), { ...small, hostile });
  await t.press('up');
  await t.click('reset');
  await t.expectScreen(`
    count: 0
    reset
  `);
});

void test('control+C ends it, and leaves the terminal as it was', async () => {
  await using t = await terminalTest(() => new Counter(), small);
  await t.press('ctrl-c');
  await t.expectScreen('');
  if (t.ended?.kind !== 'done' || t.screen.alternate) throw new Error('it has not ended in order');
});
