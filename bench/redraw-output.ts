/** A terminal of which only the size is real: it counts the bytes that it gets, and keeps them while asked to. */
import { Writable } from 'node:stream';
import type { Size } from '../terminal/drawing/rectangle.ts';

export class Output extends Writable {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  bytes = 0;
  /** What has come, for as long as it is an array. */
  kept: Buffer[] | undefined = [];

  constructor({ columns, rows }: Size) {
    super({ decodeStrings: true });
    this.columns = columns;
    this.rows = rows;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.bytes += chunk.length;
    this.kept?.push(chunk);
    done();
  }
}
