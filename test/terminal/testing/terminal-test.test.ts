/** The kit for testing terminal apps, tested with small apps. */
import { AssertionError } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PrivateMode } from '../../../terminal/output/index.ts';
import type { TerminalTestOptions } from '../../../terminal/testing/options.ts';
import { terminalTest } from '../../../terminal/testing/terminal-test.ts';
import { ConfigError, LocalMisuseError } from '../../../transport/errors.ts';
import { Program } from '../terminal-lab.ts';

const small = { columns: 24, rows: 4 };

async function open(modes: readonly PrivateMode[] = [], options: TerminalTestOptions = {}, react?: Program['react']) {
  const program = new Program();
  program.react = (line, terminal) => {
    if (line === 'made' && modes.length > 0) terminal.setPrivateModes(modes);
    react?.(line, terminal);
  };
  const t = await terminalTest(() => program, { ...small, ...options });
  program.heard.length = 0;
  return { t, heard: program.heard };
}

describe('the app hears', () => {
  test('what is typed, LF as Enter', async () => {
    const { t, heard } = await open();
    await using _ = t;
    await t.type('hé\n');
    expect(heard).toEqual(['key h', 'key é', 'key enter']);
  });

  test('keys by name, as the terminal sends them in the modes that it has set', async () => {
    const { t, heard } = await open(['cursorKeys']);
    await using _ = t;
    await t.press('up', 'ctrl-c', 'alt+left', 'F5'.toLowerCase());
    expect(heard).toEqual(['key up', 'key control+c', 'key alt+left', 'key f5']);
  });

  test('keys that only the kitty protocol can tell, once it has asked for them', async () => {
    const { t, heard } = await open([], {}, (line, terminal) => {
      if (line === 'made') terminal.pushKeyboardFlags('disambiguate');
    });
    await using _ = t;
    await t.press('ctrl+enter', 'escape');
    expect(heard).toEqual(['key control+enter', 'key escape']);
  });

  test('Escape, for which time passes', async () => {
    const { t, heard } = await open();
    await using _ = t;
    await t.press('escape', 'alt+[', 'x');
    expect(heard).toEqual(['key escape', 'key alt+[', 'key x']);
  });

  test('pastes, as one if it has asked for that', async () => {
    const plain = await open();
    await using _plain = plain.t;
    await plain.t.paste('a\nb');
    expect(plain.heard).toEqual(['key a', 'key enter', 'key b']);
    const { t, heard } = await open(['bracketedPaste']);
    await using _ = t;
    await t.paste('a\nb');
    expect(heard).toEqual(['paste a\nb']);
  });

  test('clicks on places and on texts, if it has asked for them', async () => {
    const { t, heard } = await open(['mouseButtons', 'mouseSgr'], {}, (line, terminal) => {
      if (line === 'made') terminal.writeText('日 [ ok ]');
    });
    await using _ = t;
    await t.click({ column: 20, row: 3 }, 'right');
    await t.click('ok');
    expect(heard).toEqual(['mouse press 20,3', 'mouse release 20,3', 'mouse press 5,0', 'mouse release 5,0']);
    await expect(t.click('cancel')).rejects.toThrow(AssertionError);
  });

  test('the focus and the size of its window', async () => {
    const { t, heard } = await open(['focusReports']);
    await using _ = t;
    await t.focus(false);
    await t.resize(30, 5);
    expect(heard).toEqual(['focus false', 'size 30×5']);
    expect(t.screen.columns).toBe(30);
  });

  test('that the person has gone', async () => {
    const { t, heard } = await open();
    await t.disconnect();
    expect([heard, t.ended]).toEqual([['lost done'], { kind: 'done' }]);
    const cut = await open();
    await cut.t.disconnect('cut');
    expect(cut.t.ended).toMatchObject({ kind: 'lost' });
  });

  test('answers of the screen to what it asks', async () => {
    const places: unknown[] = [];
    const { t } = await open([], {}, (line, terminal) => {
      if (line !== 'made') return;
      terminal.cursorPosition(3, 2);
      void terminal.reportCursorPosition().then(place => places.push(place));
      void terminal.probe().then(({ answered }) => places.push(answered));
    });
    await using _ = t;
    expect(places).toEqual([{ column: 3, row: 2 }, true]);
  });
});

describe('refused is', () => {
  test('a key that no terminal can send', async () => {
    const { t } = await open();
    await using _ = t;
    await expect(t.press('ctrl+enter')).rejects.toThrow('no terminal can send control+enter');
  });

  test('what the app has not asked to hear', async () => {
    const { t } = await open();
    await using _ = t;
    await expect(t.click({ column: 0, row: 0 })).rejects.toThrow(LocalMisuseError);
    await expect(t.focus(true)).rejects.toThrow(LocalMisuseError);
  });

  test('an option that is not there', async () => {
    await expect(open([], { hostile: { speed: 1 } as object })).rejects.toThrow(ConfigError);
    await expect(open([], { colour: 1 } as object)).rejects.toThrow(ConfigError);
  });
});

describe('expectations', () => {
  const hello = async () =>
    (
      await open([], {}, (line, terminal) => {
        if (line !== 'made') return;
        terminal.writeText('hello ');
        terminal.setStyle({ bold: true, underline: 'curly' });
        terminal.writeText('world\n');
      })
    ).t;

  test('hold for all rows, as a list, as a text or as a template', async () => {
    await using t = await hello();
    await t.expectScreen(['hello world']);
    await t.expectScreen('hello world\n');
    await t.expectScreen(`
      hello world
    `);
  });

  test('that do not hold show the screen and what was expected', async () => {
    await using t = await hello();
    const failed = t.expectScreen('hello');
    await expect(failed).rejects.toThrow('the screen shows this:\n┌\n│hello world\n└\nexpected was\n┌\n│hello\n└');
    await expect(failed).rejects.toMatchObject({ actual: 'hello world', expected: 'hello' });
    await expect(t.expectScreen(/bye/)).rejects.toThrow('the screen shows not /bye/:\n┌\n│hello world\n└');
  });

  test('of styles hold for every place of a text', async () => {
    await using t = await hello();
    await t.expectStyle('world', { bold: true, underline: true, italic: false });
    await t.expectStyle('world', { underline: 'single' });
    await expect(t.expectStyle('o world', { bold: true })).rejects.toThrow('"o world" in row 0 with another bold');
    await expect(t.expectStyle('world', { bold: false })).rejects.toThrow(AssertionError);
    await expect(t.expectStyle('world', { underline: 'double' })).rejects.toThrow(AssertionError);
  });

  test('wait for what is not there yet', async () => {
    await using t = await hello();
    const found = t.until(/(\d+) files/);
    t.screen.write('12 files');
    expect((await found).groups).toEqual(['12']);
  });
});

describe('a snapshot file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  const names = ['CI', 'UPDATE_SNAPSHOTS'] as const;
  const before = names.map(name => process.env[name]);
  const restore = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  afterEach(() => {
    names.forEach((name, at) => restore(name, before[at]));
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['txt', 'svg', 'html', 'json'])('.%s is written once, and then compared', async form => {
    for (const name of names) delete process.env[name];
    const file = join(folder, 'of', `screen.${form}`);
    const { t } = await open();
    await using _ = t;
    await t.expectSnapshot(file);
    await t.expectSnapshot(file);
    t.screen.write('changed');
    await expect(t.expectSnapshot(file)).rejects.toThrow('UPDATE_SNAPSHOTS=1 keeps it');
    process.env['UPDATE_SNAPSHOTS'] = '1';
    await t.expectSnapshot(file);
    expect(readFileSync(file, 'utf8')).toContain(form === 'json' ? '"c"' : 'changed');
  });

  test('that is missing in CI is a failure', async () => {
    process.env['CI'] = 'true';
    const { t } = await open();
    await using _ = t;
    await expect(t.expectSnapshot(join(folder, 'none.txt'))).rejects.toThrow('is missing');
  });
});

describe('on a hostile link', () => {
  test.each([
    ['bytes', { split: 'bytes' }],
    ['random pieces', { split: 7 }],
    ['a slow way', { latency: 200, bytesPerSecond: 300 }],
  ] as const)('of %s keys and answers are what they were', async (_name, hostile) => {
    const { t, heard } = await open(['bracketedPaste'], { hostile }, (line, terminal) => {
      if (line.startsWith('key')) terminal.writeText(`${line}\n`);
    });
    await using _ = t;
    await t.press('ctrl-right', 'escape', 'é');
    await t.paste('日本');
    expect(heard).toEqual(['key control+right', 'key escape', 'key é', 'paste 日本']);
    await t.expectScreen(['key control+right', 'key escape', 'key é']);
  });

  test('nothing that floods in makes the app fail', async () => {
    const { t } = await open(['mouseMotion', 'mouseSgr', 'bracketedPaste'], { hostile: { split: 3 } });
    await using _ = t;
    await t.flood(50_000);
    expect([t.ended, t.exitCode]).toEqual([undefined, undefined]);
  });

  test('an app whose output is not taken feels it', async () => {
    const states: string[] = [];
    const { t } = await open([], {}, (line, terminal) => {
      if (line !== 'key x') return;
      terminal.registerProducer(
        {
          pauseProducing: () => states.push('paused'),
          resumeProducing: () => states.push('resumed'),
          stopProducing: () => states.push('stopped'),
        },
        true,
      );
      terminal.writeText('y'.repeat(500_000));
    });
    await using _ = t;
    t.freeze();
    await t.type('x');
    expect(states).toEqual(['paused']);
    await t.thaw();
    expect(states).toEqual(['paused', 'resumed']);
  });
});

test('an app that fails is ended with its error', async () => {
  const { t } = await open([], {}, line => {
    if (line === 'key x') throw new Error('a bug');
  });
  await t.type('x');
  expect(t.ended).toMatchObject({ kind: 'protocol-error', error: { message: 'a bug' } });
  expect(t.exitCode).toBe(1);
});

test('nothing is left behind on the clock', async () => {
  const { t } = await open();
  await t.type('\x1b');
  await t[Symbol.asyncDispose]();
  expect(t.clock.waiting).toBe(0);
});
