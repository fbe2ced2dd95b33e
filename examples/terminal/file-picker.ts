/**
 * A file picker over SSH: Enter opens a folder or picks a file, Backspace goes up. It shows only what is below its folder.
 *
 * usage: node file-picker.js HOST-KEY AUTHORIZED-KEY. It prints the port that it listens on; NACRE_FOLDER says where.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App, Box, Label, Rows, Table } from 'nacre/terminal';
import { serveApp } from './serve-app.ts';

const top = process.env['NACRE_FOLDER'] ?? process.cwd();

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly bytes: number;
}

/** Folders first, then files, each by name; what cannot be read is left out. */
function entriesOf(folder: string): Entry[] {
  const entries = readdirSync(folder).flatMap(name => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found ? [{ name, isFolder: found.isDirectory(), bytes: found.size }] : [];
  });
  return entries.sort(
    (one, other) => Number(other.isFolder) - Number(one.isFolder) || (one.name < other.name ? -1 : 1),
  );
}

function makePicker(): App {
  const path: string[] = [];
  let entries: Entry[] = [];
  let picked = '';
  const table = new Table(
    [
      { title: 'name', flex: 1 },
      { title: 'bytes', align: 'right', size: 12 },
    ],
    [],
    {
      onChoose: index => choose(entries[index]),
    },
  );
  const open = (): void => {
    entries = entriesOf(join(top, ...path));
    table.rows = entries.map(({ name, isFolder, bytes }) => [
      isFolder ? `${name}/` : name,
      isFolder ? '' : String(bytes),
    ]);
    table.selected = 0;
  };
  const choose = (entry: Entry | undefined): void => {
    if (!entry) return;
    picked = entry.isFolder ? '' : join(...path, entry.name);
    if (!entry.isFolder) return;
    path.push(entry.name);
    open();
  };
  const goUp = (): boolean => {
    if (path.pop() !== undefined) open();
    return true;
  };
  open();
  const where = new Label(() => [basename(top), ...path].join(' / '), { style: 'heading' });
  const foot = new Label(() => (picked ? `picked ${picked}` : 'Enter opens, Backspace goes up, q ends'), {
    style: 'faint',
  });
  const app: App = new App(new Rows([where, { widget: new Box(table, { padding: 0 }), flex: 1 }, foot]), {
    title: 'files',
    onKeystroke: ({ key }) => (key === 'backspace' ? goUp() : key === 'q' && (app.close(), true)),
  });
  return app;
}

await serveApp(makePicker);
