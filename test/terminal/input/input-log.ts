/** Writes down what comes out of the decoder, and gives it its bytes in every split. */
import { InputDecoder, type InputLimits, type InputListener } from '../../../terminal/input/input-decoder.ts';
import { keystrokeName } from '../../../terminal/keystroke.ts';

/** One line for each thing: `key control+c`, `text a`, `paste "…"`, `mouse …`, `focus true`, `unhandled 1b5b…`. */
export class InputLog implements InputListener {
  readonly lines: string[] = [];
  readonly decoder: InputDecoder;

  constructor(limits: InputLimits = {}) {
    this.decoder = new InputDecoder(this, limits);
  }

  keystroke: InputListener['keystroke'] = stroke => {
    const text = stroke.text === undefined || stroke.text === stroke.key ? '' : ` ${JSON.stringify(stroke.text)}`;
    const mute = stroke.text === undefined && [...stroke.key].length === 1 ? ' mute' : '';
    const others = [stroke.shiftedKey && ` shifted ${stroke.shiftedKey}`, stroke.baseKey && ` base ${stroke.baseKey}`];
    const locks = [stroke.capsLock && ' caps', stroke.numLock && ' num'];
    this.lines.push(`${keystrokeName(stroke)}${text || mute}${[...others, ...locks].filter(Boolean).join('')}`);
  };

  paste: InputListener['paste'] = ({ text, truncated }) =>
    this.lines.push(`paste ${JSON.stringify(text)}${truncated ? ' truncated' : ''}`);

  mouse: InputListener['mouse'] = ({ event, button, column, row, pixels, ...held }) => {
    const names = (['control', 'alt', 'shift'] as const).filter(name => held[name]);
    const at = pixels ? ` (${pixels.x},${pixels.y})` : '';
    this.lines.push(`mouse ${[...names, event].join('+')} ${button} ${column},${row}${at}`);
  };

  focus: InputListener['focus'] = focused => this.lines.push(`focus ${focused}`);
  readonly isClaiming = false;
  claims: InputListener['claims'] = () => false;
  unhandled: InputListener['unhandled'] = sequence =>
    this.lines.push(`unhandled ${Buffer.from(sequence).toString('latin1').replaceAll('\x1b', 'ESC ')}`);
}

/** Everything that `input` says, in pieces; what waits at the end is flushed, but not abandoned. */
export function heard(pieces: Iterable<Uint8Array>, limits?: InputLimits): string[] {
  const log = new InputLog(limits);
  for (const piece of pieces) log.decoder.feed(piece);
  log.decoder.flush();
  return log.lines;
}

/** Each way the bytes may arrive. One result for all of them. */
export const arrivals: Array<[name: string, split: (data: Uint8Array) => Uint8Array[]]> = [
  ['in one piece', data => [data]],
  ['byte by byte', data => Array.from(data, byte => Uint8Array.of(byte))],
];
