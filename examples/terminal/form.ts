/**
 * A form over SSH: fields, a choice, a checkbox, and a dialog that says what was entered. Tab, keys and the mouse work.
 *
 * usage: node form.js HOST-KEY AUTHORIZED-KEY. It prints the port that it listens on.
 */
import { App, Box, Button, Checkbox, Columns, Dialog, Label, List, Rows, TextArea, TextField } from 'nacre/terminal';
import type { Part, Widget } from 'nacre/terminal';
import { serveApp } from './serve-app.ts';

const sizes = ['small', 'medium', 'large'];

function makeForm(): App {
  const name = new TextField({ placeholder: 'as on the letter box', columns: 32 });
  const secret = new TextField({ hidden: true, columns: 32 });
  const size = new List(sizes, { selected: 1 });
  const notes = new TextArea({ rows: 3 });
  const news = new Checkbox('tell me when it is ready', { checked: true });
  const order = new Columns([new Button('Order', confirm), new Button('Cancel', () => app.close())], { gap: 2 });
  const fields: Part[] = [
    labelled('Name', name),
    labelled('Password', secret),
    labelled('Size', size),
    labelled('Notes', notes),
    labelled('', news),
    labelled('', order),
  ];
  const box = new Box(new Rows(fields, { gap: 1 }), { title: 'an order', padding: 2 });
  const foot = new Label('Tab moves on, arrows choose, Space checks, Enter presses, Control-C ends', {
    style: 'faint',
  });
  const app = new App(new Rows([{ widget: box, flex: 1 }, foot]), { title: 'form' });
  return app;

  function confirm(): void {
    const lines = [
      `${name.value || 'Somebody'} orders one ${sizes[size.selected]}${notes.value ? `: ${notes.value}` : ''}.`,
      `The password has ${secret.value.length} characters.`,
      news.checked ? 'We tell you when it is ready.' : 'We keep quiet.',
    ];
    const buttons = { 'Send it': () => app.close(), 'Go back': () => app.closeLayer() };
    app.open(
      new Dialog(new Label(lines.join('\n')), { title: 'is this right?', buttons, onEscape: () => app.closeLayer() }),
    );
  }
}

const labelled = (text: string, widget: Widget): Columns =>
  new Columns([
    { widget: new Label(text), size: 12 },
    { widget, flex: 1 },
  ]);

await serveApp(makeForm);
