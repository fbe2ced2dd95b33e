/** A line editor on a terminal that is an emulator: what is typed, what is read, and what a person sees. */
import { LineEditor, type ReadOptions } from '../../../terminal/line/line-editor.ts';
import type { LineEditorOptions } from '../../../terminal/line/options.ts';
import { ScreenLab } from './screen-lab.ts';

export interface LabOptions extends LineEditorOptions {
  readonly columns?: number;
  readonly rows?: number;
}

export class LineLab extends ScreenLab {
  readonly editor: LineEditor;
  /** What `read` has given, one line each; what it was refused with begins with `!`. */
  readonly lines: string[] = [];

  constructor({ columns = 40, rows = 10, ...options }: LabOptions = {}) {
    const editor = new LineEditor(options);
    super(editor, { columns, rows });
    this.editor = editor;
  }

  /** Read a line; what comes of it is put into `lines`. */
  read(options: ReadOptions = {}): Promise<void> {
    return this.editor.read(options).then(
      line => void this.lines.push(line),
      (error: Error) => void this.lines.push(`!${error.message}`),
    );
  }
}
