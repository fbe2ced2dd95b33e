/** Text with SGR sequences, as `util.inspect` colours values, as spans. Other control functions stay text. */
import type { Style } from '../output/style.ts';
import type { Span } from '../line/styled-text.ts';

const switches: Readonly<Record<number, Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strikethrough: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strikethrough: false },
};

export function sgrSpans(text: string): Span[] {
  let style: Style = {};
  return text.split(/\x1b\[([\d;]*)m/).flatMap((part, index) => {
    if (index % 2 === 1) {
      style = part.split(';').map(Number).reduce(changed, style);
      return [];
    }
    return part === '' ? [] : [{ text: part, style }];
  });
}

function changed(style: Style, parameter: number): Style {
  if (parameter === 0) return {};
  const { foreground: _, ...others } = style;
  if (parameter === 39) return others;
  if (parameter >= 30 && parameter <= 37) return { ...style, foreground: parameter - 30 };
  if (parameter >= 90 && parameter <= 97) return { ...style, foreground: parameter - 90 + 8 };
  return { ...style, ...switches[parameter] };
}
