/**
 * Desktop notifications, in the three forms that terminals know. Control characters are taken out of the text.
 *
 * Sources: iTerm2 (OSC 9); rxvt-unicode's extension (OSC 777);
 * https://sw.kovidgoyal.net/kitty/desktop-notifications/ (OSC 99).
 */
import { osc, stringText } from './control.ts';

export type NotificationForm = 'osc-9' | 'osc-777' | 'osc-99';

const LONGEST = 1_024;

const forms: Readonly<Record<NotificationForm, (title: string, body: string) => string>> = {
  // ConEmu took `OSC 9 ; number` for other things, so a text must not begin with a digit and a semicolon.
  'osc-9': (title, body) =>
    osc(
      `9;${[title, body]
        .filter(Boolean)
        .join(': ')
        .replace(/^(?=\d+;)/, ' ')}`,
    ),
  'osc-777': (title, body) => osc(`777;notify;${title.replaceAll(';', ',')};${body}`),
  'osc-99': (title, body) => osc(`99;i=1:d=0:p=title;${title || body}`) + osc(`99;i=1:d=1:p=body;${title ? body : ''}`),
};

/** A notification's text as a terminal is told it. */
export const notificationText = (content: string): string => stringText(content, LONGEST);

/** Notify the person. Which form a terminal knows cannot be asked; iTerm2's is understood most widely. */
export const notify = (
  body: string,
  options: { readonly title?: string; readonly form?: NotificationForm } = {},
): string => forms[options.form ?? 'osc-9'](notificationText(options.title ?? ''), notificationText(body));
