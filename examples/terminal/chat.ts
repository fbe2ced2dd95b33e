/**
 * A chat over SSH: everybody who logs in is in one room. Enter sends, the wheel and page keys read what was said before.
 *
 * usage: node chat.js HOST-KEY AUTHORIZED-KEY. It prints the port that it listens on.
 */
import type { Session } from 'nacre/server';
import { App, Box, Columns, Label, Rows, TextField, Viewport } from 'nacre/terminal';
import { serveApp } from './serve-app.ts';

const MOST_LINES = 500;
const lines: string[] = [];
/** Who is here, and the app that they look at. */
const present = new Map<App, string>();

function say(line: string): void {
  lines.push(line);
  if (lines.length > MOST_LINES) lines.shift();
  for (const app of present.keys()) app.redraw();
}

function enter({ user }: Session): App {
  const field = new TextField({ placeholder: 'say something', onSubmit: send });
  const talk = new Viewport(new Label(() => lines.join('\n')), { follow: true });
  const people = new Label(() => [...present.values()].join('\n'));
  const room = new Columns([
    { widget: new Box(talk, { title: 'the room' }), flex: 1 },
    { widget: new Box(people, { title: 'here' }), size: 20 },
  ]);
  const foot = new Columns([new Label(`${user}> `, { style: 'heading' }), { widget: field, flex: 1 }]);
  const app = new App(new Rows([{ widget: room, flex: 1 }, foot]), {
    title: 'chat',
    onKeystroke: stroke => talk.keystrokeReceived(stroke),
    onEnd: () => {
      present.delete(app);
      say(`* ${user} has left`);
    },
  });
  present.set(app, user);
  app.focus(field);
  say(`* ${user} has come`);
  return app;

  function send(text: string): void {
    if (text.trim() !== '') say(`${user}: ${text}`);
    field.value = '';
  }
}

await serveApp(enter);
