/**
 * What operating system commands (OSC) do to a terminal: title, links, clipboard, notifications.
 *
 * What they carry comes out as terminal/output/ would send it: of one line, bounded, without control characters. Reading
 * the clipboard is never understood, and writing to it only on request. Source: xterm ctlseqs; the pages that
 * output/hyperlink.ts and output/notification.ts name.
 */
import { clipboardSelections, LARGEST_CLIPBOARD, type ClipboardSelection } from '../output/clipboard.ts';
import { isLinkable } from '../output/hyperlink.ts';
import { notificationText } from '../output/notification.ts';
import { titleText } from '../output/title.ts';
import { keysOf } from './keys-of.ts';
import { operation, type Operation } from './operation.ts';

type Meaning = readonly Operation[] | undefined;

export class ControlStrings {
  readonly #clipboard: boolean;
  /** The title of a notification of kitty's, whose text follows in a string of its own. */
  #notificationTitle: string | undefined;

  constructor(clipboard: boolean) {
    this.#clipboard = clipboard;
  }

  /** The operations that `OSC content ST` stands for; undefined when it is not understood. */
  operationsOf(content: string): Meaning {
    const [, number = '', rest = ''] = /^(\d{1,4});([^]*)$/.exec(content) ?? [];
    return Object.hasOwn(this.#rules, number) ? this.#rules[number]?.(rest) : undefined;
  }

  readonly #rules: Readonly<Record<string, (rest: string) => Meaning>> = {
    0: title => [operation('setTitle', titleText(title))],
    2: title => [operation('setTitle', titleText(title))],
    8: link,
    9: body => (/^\d+(;|$)/.test(body) ? undefined : [notification(body, '', 'osc-9')]),
    52: rest => (this.#clipboard ? copied(rest) : undefined),
    99: rest => this.#kittyNotification(rest),
    777: rest => {
      const [, title, body] = /^notify;([^;]*);([^]*)$/.exec(rest) ?? [];
      return title === undefined || body === undefined ? undefined : [notification(body, title, 'osc-777')];
    },
  };

  /** The title first, and nothing comes of it; then the text. Other forms that kitty knows are not understood. */
  #kittyNotification(rest: string): Meaning {
    const [, part, content = ''] = /^i=1:d=(0:p=title|1:p=body);([^]*)$/.exec(rest) ?? [];
    const title = this.#notificationTitle;
    this.#notificationTitle = part === '0:p=title' ? notificationText(content) : undefined;
    if (part === '0:p=title') return [];
    if (part === undefined || title === undefined) return undefined;
    return [content === '' ? notification(title, '', 'osc-99') : notification(content, title, 'osc-99')];
  }
}

const notification = (body: string, title: string, form: 'osc-9' | 'osc-777' | 'osc-99'): Operation =>
  operation('notify', notificationText(body), title === '' ? { form } : { title: notificationText(title), form });

function link(rest: string): Meaning {
  const [, parameters = '', uri = ''] = /^([^;]*);([^]*)$/.exec(rest) ?? [];
  if (!rest.includes(';')) return undefined;
  if (uri === '') return [operation('endHyperlink')];
  if (!isLinkable(uri) || /[^\x21-\x7e]/.test(uri)) return undefined;
  const id = /(?:^|:)id=([\x21-\x39\x3c-\x7e]{1,250})(?:$|:)/.exec(parameters)?.[1];
  return [id === undefined ? operation('startHyperlink', uri) : operation('startHyperlink', uri, id)];
}

const selections = new Map<string, ClipboardSelection>([
  ['', 'clipboard'],
  ...keysOf<ClipboardSelection>(clipboardSelections).map(name => [clipboardSelections[name], name] as const),
]);

function copied(rest: string): Meaning {
  const [, letter = '', base64] = /^([a-z]?);([A-Za-z0-9+/]*={0,2})$/.exec(rest) ?? [];
  const selection = selections.get(letter);
  if (base64 === undefined || selection === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  const content = bytes.toString('utf8');
  const isText = bytes.length <= LARGEST_CLIPBOARD && Buffer.from(content, 'utf8').equals(bytes);
  return isText ? [operation('copyToClipboard', content, selection)] : undefined;
}
