/**
 * The same picture painted by nacre, ink, blessed and terminal-kit, each as its own documentation would have it.
 *
 * A picture comes as rows of pieces of text in one style. The libraries are not dependencies: they are looked for in
 * bench/peers, and what little is used of them is described here. This is the only file that knows them.
 */
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Canvas } from '../terminal/drawing/canvas.ts';
import { Grid, plain } from '../terminal/drawing/grid.ts';
import { Renderer } from '../terminal/drawing/renderer.ts';
import { changeStyle } from '../terminal/output/style-change.ts';
import type { Colour } from '../terminal/output/colour.ts';
import type { Style } from '../terminal/output/style.ts';
import type { Output } from './redraw-output.ts';

export interface Piece {
  readonly text: string;
  readonly style: Style;
}

export type Picture = ReadonlyArray<readonly Piece[]>;

/** Paints one picture after the other; each resolves when its bytes have gone out. */
export type Painter = (picture: Picture) => void | Promise<void>;

const peers = createRequire(fileURLToPath(new URL('../../bench/peers/package.json', import.meta.url)));
const load = async (name: string): Promise<unknown> => {
  const module = (await import(pathToFileURL(peers.resolve(name)).href)) as { default?: unknown };
  return module.default ?? module;
};

/** Which version is installed, if any. */
export function versionOf(name: string): string | undefined {
  try {
    const manifest = peers.resolve(name).replace(new RegExp(`(node_modules/${name}/).*$`), '$1package.json');
    return (peers(manifest) as { version: string }).version;
  } catch {
    return undefined;
  }
}

export const painters: Readonly<Record<string, (output: Output) => Painter | Promise<Painter>>> = {
  nacre: output => {
    const renderer = new Renderer({ colours: 16_777_216, underlineStyles: true, synchronizedOutput: true });
    return picture => {
      const grid = new Grid(output);
      const canvas = new Canvas(grid);
      for (const [row, pieces] of picture.entries()) {
        let column = 0;
        // an app makes its styles anew for each picture
        for (const { text, style } of pieces) column += canvas.write(column, row, text, { ...style });
      }
      output.write(renderer.render(grid));
    };
  },

  ink: async output => {
    const { render, Box, Text } = (await load('ink')) as Ink;
    const { createElement } = (await load('react')) as React;
    const line = (pieces: readonly Piece[], key: number): unknown =>
      createElement(
        Text,
        { key, wrap: 'truncate' },
        ...pieces.map(({ text, style }) => createElement(Text, propertiesOf(style), text)),
      );
    const tree = (picture: Picture): unknown => createElement(Box, { flexDirection: 'column' }, ...picture.map(line));
    const options = { stdout: output, stdin: new PassThrough(), patchConsole: false, maxFps: 0 };
    let instance: InkInstance | undefined;
    return async picture => {
      const before = output.bytes;
      if (instance) instance.rerender(tree(picture));
      else instance = render(tree(picture), options);
      while (output.bytes === before) await setImmediate();
      await setImmediate();
    };
  },

  blessed: async output => {
    const blessed = (await load('blessed')) as Blessed;
    const program = blessed.program({ input: new PassThrough(), output, terminal: 'xterm-256color' });
    const screen = blessed.screen({ program, smartCSR: true, fullUnicode: true });
    const box = blessed.box({ parent: screen, top: 0, left: 0, width: '100%', height: '100%', wrap: false });
    return picture => {
      box.setContent(picture.map(withSequences).join('\n'));
      screen.render();
      program.flush();
    };
  },

  'terminal-kit': async output => {
    const kit = (await load('terminal-kit')) as TerminalKit;
    const terminal = kit.createTerminal({ stdin: new PassThrough(), stdout: output, generic: 'xterm-256color' });
    const { columns: width, rows: height } = output;
    const screen = new kit.ScreenBuffer({ dst: terminal, width, height, x: 1, y: 1 });
    return async picture => {
      screen.fill({ char: ' ', attr: {} });
      for (const [y, pieces] of picture.entries()) {
        screen.moveTo(0, y);
        for (const { text, style } of pieces) screen.put({ attr: attributesOf(style), wrap: false }, '%s', text);
      }
      screen.draw({ delta: true });
      await setImmediate();
    };
  },
};

const withSequences = (pieces: readonly Piece[]): string =>
  pieces.map(({ text, style }) => `${changeStyle(plain, style)}${text}${changeStyle(style, plain)}`).join('');

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

const indexOf = (colour: Colour): number => {
  if (typeof colour === 'number') return colour;
  const bright = String(colour).startsWith('bright-');
  return names.indexOf(String(colour).replace('bright-', '')) + (bright ? 8 : 0);
};

const inkColour = (colour: Colour | undefined): string | undefined => {
  if (colour === undefined) return undefined;
  if (typeof colour === 'number') return `ansi256(${colour})`;
  return String(colour).startsWith('bright-') ? `${String(colour).slice(7)}Bright` : String(colour);
};

const propertiesOf = ({ foreground, background, bold, dim, inverse }: Style): Record<string, unknown> => ({
  color: inkColour(foreground),
  backgroundColor: inkColour(background),
  bold: bold === true,
  dimColor: dim === true,
  inverse: inverse === true,
});

const attributesOf = ({ foreground, background, bold, dim, inverse }: Style): Record<string, unknown> => ({
  ...(foreground === undefined ? { defaultColor: true } : { color: indexOf(foreground) }),
  ...(background === undefined ? { bgDefaultColor: true } : { bgColor: indexOf(background) }),
  bold: bold === true,
  dim: dim === true,
  inverse: inverse === true,
});

// — what is used of each —

interface InkInstance {
  rerender(tree: unknown): void;
}
interface Ink {
  readonly render: (tree: unknown, options: object) => InkInstance;
  readonly Box: unknown;
  readonly Text: unknown;
}
interface React {
  readonly createElement: (type: unknown, properties: object, ...children: unknown[]) => unknown;
}
interface Blessed {
  program(options: object): { flush(): void };
  screen(options: object): { render(): void };
  box(options: object): { setContent(content: string): void };
}
interface TerminalKit {
  createTerminal(options: object): unknown;
  readonly ScreenBuffer: new (options: object) => {
    fill(options: object): void;
    moveTo(x: number, y: number): void;
    put(options: object, format: string, text: string): void;
    draw(options: object): void;
  };
}
