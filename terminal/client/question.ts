/**
 * What programs ask a terminal, as a value, and the answers as a terminal sends them.
 *
 * Source: ECMA-48 5th ed. §8.3.14, §8.3.24, §8.3.35; DEC VT510; xterm ctlseqs.
 */
import { csi, osc } from '../output/control.ts';
import { modeNumber, privateModeNumber, type Mode, type PrivateMode } from '../output/modes.ts';
import { modeStates } from '../reports/answers.ts';
import type { ITerminalReports, Rgb } from '../reports/contracts.ts';

type PlainQuestion =
  | 'cursorPosition'
  | 'deviceAttributes'
  | 'secondaryDeviceAttributes'
  | 'tertiaryDeviceAttributes'
  | 'version'
  | 'foreground'
  | 'background'
  | 'sizeInCells'
  | 'sizeInPixels'
  | 'cellSize';

export type Question =
  | { readonly about: PlainQuestion }
  | { readonly about: 'mode'; readonly mode: Mode }
  | { readonly about: 'privateMode'; readonly mode: PrivateMode };

/** By what stands behind ESC, and before ST. */
export const plainQuestions: ReadonlyMap<string, PlainQuestion> = new Map<string, PlainQuestion>([
  ['[6n', 'cursorPosition'],
  ['[c', 'deviceAttributes'],
  ['[0c', 'deviceAttributes'],
  ['[>c', 'secondaryDeviceAttributes'],
  ['[>0c', 'secondaryDeviceAttributes'],
  ['[=c', 'tertiaryDeviceAttributes'],
  ['[=0c', 'tertiaryDeviceAttributes'],
  ['[>q', 'version'],
  ['[>0q', 'version'],
  [']10;?', 'foreground'],
  [']11;?', 'background'],
  ['[18t', 'sizeInCells'],
  ['[14t', 'sizeInPixels'],
  ['[16t', 'cellSize'],
]);

type Answerer = (terminal: ITerminalReports) => Promise<string>;

const answerers: Readonly<Record<PlainQuestion, Answerer>> = {
  cursorPosition: async terminal => {
    const { column, row } = await terminal.reportCursorPosition();
    return csi(`${row + 1};${column + 1}R`);
  },
  deviceAttributes: async terminal => csi(`?${(await terminal.reportDeviceAttributes()).join(';')}c`),
  secondaryDeviceAttributes: async terminal => csi(`>${(await terminal.reportSecondaryDeviceAttributes()).join(';')}c`),
  tertiaryDeviceAttributes: async terminal => `\x1bP!|${await terminal.reportTertiaryDeviceAttributes()}\x1b\\`,
  version: async terminal => `\x1bP>|${await terminal.reportVersion()}\x1b\\`,
  foreground: async terminal => osc(`10;${colour((await terminal.reportColours()).foreground)}`),
  background: async terminal => osc(`11;${colour((await terminal.reportColours()).background)}`),
  sizeInCells: async terminal => {
    const { columns, rows } = await terminal.reportSizeInCells();
    return csi(`8;${rows};${columns}t`);
  },
  sizeInPixels: async terminal => {
    const { width, height } = await terminal.reportSizeInPixels();
    return csi(`4;${height};${width}t`);
  },
  cellSize: async terminal => {
    const { width, height } = await terminal.reportCellSize();
    return csi(`6;${height};${width}t`);
  },
};

/** `terminal`'s answer to `question`, as the program reads it. Rejects as the reports of `terminal` do. */
export async function answerTo(question: Question, terminal: ITerminalReports): Promise<string> {
  if (question.about === 'mode') {
    const state = await terminal.reportMode(question.mode);
    return csi(`${modeNumber(question.mode)};${modeStates.indexOf(state)}$y`);
  }
  if (question.about === 'privateMode') {
    const state = await terminal.reportPrivateMode(question.mode);
    return csi(`?${privateModeNumber(question.mode)};${modeStates.indexOf(state)}$y`);
  }
  return answerers[question.about](terminal);
}

/** XParseColor(3), with four digits for each part as xterm writes them. */
const colour = (rgb: Rgb): string => `rgb:${rgb.map(part => part.toString(16).padStart(2, '0').repeat(2)).join('/')}`;
