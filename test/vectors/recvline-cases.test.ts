/** Golden cases of Twisted's RecvLine and HistoricRecvLine, played on our line editor: lines, history and the screen. */
import { expect, test, describe } from '@jest/globals';
import { LineHistory } from '../../terminal/line/history.ts';
import { LineLab } from '../terminal/line/line-lab.ts';
import { recvlineDifferences } from './recvline-differences.ts';
import { bytesOf, isDifferent, judge, loadCases, type Log } from './vectors.ts';

interface Step {
  readonly in: string | null;
  readonly call?: string;
  readonly args?: readonly number[];
  readonly history?: readonly string[];
}

interface Case {
  readonly name: string;
  readonly class?: string;
  readonly echoPrompt: boolean;
  readonly steps: readonly Step[];
  readonly lines: ReadonlyArray<{ readonly b: string }>;
  readonly screen: readonly string[];
  readonly screenCursor: readonly [column: number, row: number];
}

const log = (lines: readonly string[], history: readonly string[], screen: readonly string[]): Log => [
  ...lines.map(line => `line ${JSON.stringify(line)}`),
  `history ${JSON.stringify(history)}`,
  ...screen.map(row => `screen ${row.trimEnd()}`),
];

function twisted({ lines, steps, screen, screenCursor, class: kind }: Case): Log {
  const history = kind === 'RecvLine' ? [] : (steps.at(-1)?.history ?? []);
  const [column, row] = screenCursor;
  const rows = Array.from({ length: Math.max(screen.length, row + 1) }, (_, index) => (screen[index] ?? '').trimEnd());
  const shown = rows.map((text, index) =>
    index === row ? `${text.slice(0, column).padEnd(column)}▏${text.slice(column)}` : text,
  );
  return log(
    lines.map(line => bytesOf(line).toString('latin1')),
    history.map(line => Buffer.from(line, 'hex').toString('latin1')),
    shown,
  );
}

const calls: Readonly<Record<string, (lab: LineLab, args: readonly number[]) => unknown>> = {
  terminalSize: (lab, [columns = 80, rows = 24]) => lab.resize(columns, rows),
  drawInputLine: () => undefined,
  setTypeoverMode: lab => lab.type('\x1b[2~'),
  setInsertMode: lab => lab.type('\x1b[2~'),
  handle_UP: lab => lab.type('\x1b[A'),
};

async function play({ steps, echoPrompt, class: kind }: Case): Promise<Log> {
  const lab = new LineLab({
    columns: 80,
    rows: 24,
    history: new LineHistory({ duplicates: 'keep', ignoreSpace: false, maxLines: kind === 'RecvLine' ? 0 : 1_000 }),
    bindings: { emacs: { tab: 'insert-tab' } },
  });
  const reading = readOn(lab, echoPrompt);
  await lab.settle();
  for (const { in: input, call, args = [] } of steps) {
    if (call !== undefined) await calls[call]!(lab, args);
    else {
      lab.wire.receive(Buffer.from(input ?? '', 'hex'));
      await lab.settle();
    }
  }
  lab.clock.pass(1_000); // for a lone ESC at the end
  await lab.settle();
  void reading;
  return log(lab.lines, lab.editor.history, lab.screen());
}

async function readOn(lab: LineLab, echoes: boolean): Promise<void> {
  for (let prompt = '>>> '; ; prompt = echoes ? '>>> ' : '') {
    const before = lab.lines.length;
    await lab.read({ prompt });
    const line = lab.lines[before] ?? '';
    if (line.startsWith('!')) return;
    if (echoes) lab.editor.print(line);
  }
}

const cases = loadCases<Case>('recvline.json');

describe('what lines, history and screen come to', () => {
  test.each(cases)('$name', async each => {
    judge(each.name, { twisted: twisted(each), ours: await play(each) }, recvlineDifferences);
  });
});

test('so many match, and in so many we differ', () => {
  const differ = cases.filter(({ name }) => isDifferent(recvlineDifferences, name)).length;
  expect({ match: cases.length - differ, differ }).toEqual({ match: 44, differ: 62 });
});
