/**
 * How widgets look: a style for each part that they have. Colours are the person's own 16 where they can be.
 *
 * Without colours, what is focused or selected is told by bold, underlined and inverse text.
 */
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Style } from '../output/style.ts';

export interface Theme {
  readonly text: Style;
  /** What matters less: placeholders, hints. */
  readonly faint: Style;
  readonly heading: Style;
  readonly border: Style;
  /** Around what is focused. */
  readonly focusedBorder: Style;
  readonly field: Style;
  readonly focusedField: Style;
  /** The chosen row where the focus is somewhere else. */
  readonly selected: Style;
  readonly focusedSelected: Style;
  readonly button: Style;
  readonly focusedButton: Style;
  readonly bar: Style;
  readonly barRest: Style;
  readonly dialog: Style;
}

const plain = Object.freeze<Theme>({
  text: {},
  faint: { dim: true },
  heading: { bold: true },
  border: {},
  focusedBorder: { bold: true },
  field: { underline: true },
  focusedField: { underline: true, bold: true },
  selected: { bold: true },
  focusedSelected: { inverse: true },
  button: {},
  focusedButton: { inverse: true },
  bar: { inverse: true },
  barRest: {},
  dialog: {},
});

const coloured = Object.freeze<Theme>({
  ...plain,
  focusedBorder: { foreground: 'cyan' },
  heading: { bold: true, foreground: 'cyan' },
  bar: { foreground: 'cyan' },
  barRest: { foreground: 'cyan', dim: true },
});

export const themes = Object.freeze({
  plain,
  /** For 8 and 16 colours, on any background. */
  coloured,
  dark: Object.freeze<Theme>({
    ...coloured,
    border: { foreground: 244 },
    field: { background: 236 },
    focusedField: { background: 238 },
    selected: { background: 238 },
    focusedSelected: { background: 24, foreground: 231 },
    button: { background: 238 },
    focusedButton: { background: 24, foreground: 231, bold: true },
    barRest: { foreground: 238 },
    dialog: { background: 235 },
  }),
  light: Object.freeze<Theme>({
    ...coloured,
    heading: { bold: true, foreground: 24 },
    border: { foreground: 245 },
    focusedBorder: { foreground: 24 },
    field: { background: 254 },
    focusedField: { background: 252 },
    selected: { background: 252 },
    focusedSelected: { background: 24, foreground: 231 },
    button: { background: 252 },
    focusedButton: { background: 24, foreground: 231, bold: true },
    bar: { foreground: 24 },
    barRest: { foreground: 250 },
    dialog: { background: 255 },
  }),
}) satisfies Readonly<Record<string, Theme>>;

/** What suits a terminal. One that does not say whether it is dark gets what can be read on any background. */
export function themeFor({ colours, dark }: Pick<Capabilities, 'colours' | 'dark'>): Theme {
  if (colours === 0) return themes.plain;
  if (colours < 256 || dark === undefined) return themes.coloured;
  return dark ? themes.dark : themes.light;
}
