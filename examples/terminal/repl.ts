/**
 * A JavaScript prompt inside of a running program, over SSH. Whoever has the key may do all that the program may.
 *
 * usage: node repl.js HOST-KEY AUTHORIZED-KEY
 */
import { setTimeout as wait } from 'node:timers/promises';
import { repl } from 'nacre/terminal';
import { serveApp } from './serve-app.ts';

const visits = new Map<string, number>();

await serveApp(({ user }) => {
  visits.set(user, (visits.get(user) ?? 0) + 1);
  return repl({ visits, wait, user }, { banner: [{ text: 'visits, wait, user', style: { dim: true } }] });
});
