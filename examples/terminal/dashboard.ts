/**
 * A dashboard over SSH with a live chart: what this machine and this process are doing. Left and right change the page.
 *
 * usage: node dashboard.js HOST-KEY AUTHORIZED-KEY. It prints the port that it listens on.
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
  let before = work();
  let busy = 0;
  const measure = (): void => {
    const now = work();
    const passed = now.busy - before.busy + now.idle - before.idle;
    busy = passed > 0 ? (now.busy - before.busy) / passed : 0;
    before = now;
    chart.add(busy * 100);
    memory.value = 1 - freemem() / totalmem();
    table.rows = Object.entries(process.memoryUsage()).map(([name, bytes]) => [name, (bytes / 1e6).toFixed(1)]);
    app.redraw();
  };
  const load = (): string =>
    loadavg()
      .map(each => each.toFixed(2))
      .join('  ');
  const machine = new Rows([
    { widget: new Box(chart, { title: 'processors, % busy' }), flex: 1 },
    new Label(() => `busy ${(busy * 100).toFixed(0).padStart(3)} %    load ${load()}`),
    new Label('memory'),
    memory,
  ]);
  const tabs = new Tabs([
    { title: 'machine', content: machine },
    { title: 'process', content: new Box(table, { title: 'memory of this process' }) },
  ]);
  const foot = new Spinner('live; ← → change the page, q ends');
  const timer = setInterval(measure, EVERY);
  const app: App = new App(new Rows([{ widget: tabs, flex: 1 }, foot]), {
    title: 'dashboard',
    onEnd: () => clearInterval(timer),
    onKeystroke: ({ key }) => key === 'q' && (app.close(), true),
  });
  return app;
}

await serveApp(makeDashboard);
