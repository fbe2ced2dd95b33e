/**
 * A dashboard over SSH with a live chart: what this machine and this process are doing. Left and right change the page.
 *
 * usage: node dashboard.js HOST-KEY AUTHORIZED-KEY. It prints the port that it listens on. With NACRE_DEMO=1 the numbers
 * are made up, and stand still: for pictures.
 */
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { App, Box, Label, ProgressBar, Rows, Spinner, Table, Tabs, Widget } from 'nacre/terminal';
import type { Canvas, Size, WidgetView } from 'nacre/terminal';
import { serveApp } from './serve-app.ts';

const EVERY = 500;
const bars = ' ▁▂▃▄▅▆▇█';

/** A widget of one's own: columns of blocks, the newest at the right, the highest as high as there is room. */
class Chart extends Widget {
  readonly #values: number[] = [];

  add(value: number): void {
    this.#values.push(value);
    if (this.#values.length > 500) this.#values.shift();
  }

  override wanted({ columns, rows }: Size): Size {
    return { columns, rows };
  }

  override draw(canvas: Canvas, { theme }: WidgetView): void {
    const values = this.#values.slice(-canvas.columns);
    const most = Math.max(1, ...values);
    for (const [column, value] of values.entries()) {
      const eighths = Math.round((value / most) * canvas.rows * 8);
      for (let row = 0; row < canvas.rows; row += 1) {
        const filled = Math.min(8, Math.max(0, eighths - (canvas.rows - 1 - row) * 8));
        canvas.write(canvas.columns - values.length + column, row, bars[filled] ?? ' ', theme.bar);
      }
    }
  }
}

/** Milliseconds of work of all processors since they were switched on, and of idleness. */
function work(): { busy: number; idle: number } {
  const times = cpus().map(cpu => cpu.times);
  const idle = times.reduce((sum, each) => sum + each.idle, 0);
  return { idle, busy: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0) };
}

interface Readings {
  /** Share of the time since the last ones in which the processors worked. */
  readonly busy: number;
  readonly memory: number;
  readonly load: readonly number[];
  /** Bytes, by what they are for. */
  readonly process: Readonly<Record<string, number>>;
}

function measured(): () => Readings {
  let before = work();
  return () => {
    const now = work();
    const passed = now.busy - before.busy + now.idle - before.idle;
    const busy = passed > 0 ? (now.busy - before.busy) / passed : 0;
    before = now;
    return { busy, memory: 1 - freemem() / totalmem(), load: loadavg(), process: { ...process.memoryUsage() } };
  };
}

function madeUp(): () => Readings {
  let time = 0;
  return () => {
    time += 1;
    const busy = 0.45 + 0.3 * Math.sin(time / 9) + 0.15 * Math.sin(time / 2);
    return {
      busy,
      memory: 0.43,
      load: [1.21, 0.87, 0.64],
      process: { rss: 81.4e6, heapTotal: 34.2e6, heapUsed: 21.9e6 },
    };
  };
}

const isDemo = process.env['NACRE_DEMO'] === '1';

function makeDashboard(): App {
  const chart = new Chart();
  const memory = new ProgressBar();
  const table = new Table(
    [
      { title: 'what', flex: 1 },
      { title: 'MB', align: 'right', size: 10 },
    ],
    [],
  );
  const read = isDemo ? madeUp() : measured();
  let line = '';
  const measure = (): void => {
    const { busy, memory: used, load, process: bytes } = read();
    chart.add(busy * 100);
    memory.value = used;
    line = `busy ${(busy * 100).toFixed(0).padStart(3)} %    load ${load.map(each => each.toFixed(2)).join('  ')}`;
    table.rows = Object.entries(bytes).map(([name, each]) => [name, (each / 1e6).toFixed(1)]);
    app.redraw();
  };
  const machine = new Rows([
    { widget: new Box(chart, { title: 'processors, % busy' }), flex: 1 },
    new Label(() => line),
    new Label('memory'),
    memory,
  ]);
  const tabs = new Tabs([
    { title: 'machine', content: machine },
    { title: 'process', content: new Box(table, { title: 'memory of this process' }) },
  ]);
  const foot = new Spinner('live; ← → change the page, q ends');
  const app: App = new App(new Rows([{ widget: tabs, flex: 1 }, foot]), {
    title: 'dashboard',
    onEnd: () => clearInterval(timer),
    onKeystroke: ({ key }) => key === 'q' && (app.close(), true),
  });
  for (let past = 0; isDemo && past < 200; past += 1) measure();
  const timer = setInterval(measure, isDemo ? 2 ** 31 - 1 : EVERY);
  return app;
}

await serveApp(makeDashboard);
