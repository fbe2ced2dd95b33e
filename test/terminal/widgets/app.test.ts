/** An app as its terminal sees it: what is drawn, who gets which key, and how it ends. */
import { describe, expect, test } from '@jest/globals';
import type { CloseReason } from '../../../transport/close-reason.ts';
import type { Canvas } from '../../../terminal/drawing/canvas.ts';
import { Button } from '../../../terminal/widgets/button.ts';
import { Dialog } from '../../../terminal/widgets/dialog.ts';
import { Label } from '../../../terminal/widgets/label.ts';
import { Columns, Rows } from '../../../terminal/widgets/stack.ts';
import { TextField } from '../../../terminal/widgets/text-field.ts';
import { Widget } from '../../../terminal/widgets/widget.ts';
import { App } from '../../../terminal/widgets/app.ts';
import { openApp } from './app-lab.ts';

const form = (): { root: Widget; pressed: string[]; name: TextField } => {
  const pressed: string[] = [];
  const name = new TextField({ columns: 8 });
  const buttons = ['one', 'two'].map(label => new Button(label, () => pressed.push(label)));
  return { pressed, name, root: new Rows([new Label('name'), name, new Columns(buttons, { gap: 1 })]) };
};

describe('focus', () => {
  test('begins at the first that takes keys, and tab goes round', () => {
    const { root, pressed, name } = form();
    const { press } = openApp(root, 20, 4);
    press('a', 'tab', 'enter', 'tab', 'enter', 'tab', 'b');
    expect([name.value, pressed]).toEqual(['ab', ['one', 'two']]);
  });

  test('shift+tab goes back', () => {
    const { root, pressed } = form();
    openApp(root, 20, 4).press('shift+tab', 'enter');
    expect(pressed).toEqual(['two']);
  });

  test('keys that come in one packet with a tab go to who has the focus then', () => {
    const { root, pressed, name } = form();
    openApp(root, 20, 4).press('a', 'tab', 'b', 'enter');
    expect([name.value, pressed]).toEqual(['a', ['one']]);
  });

  test('a click focuses what it is on, and presses buttons', () => {
    const { root, pressed, name } = form();
    const lab = openApp(root, 20, 4);
    lab.click(10, 2);
    lab.click(1, 1);
    lab.press('x');
    expect([name.value, pressed]).toEqual(['x', ['two']]);
  });

  test('the cursor is where one types, and nowhere else', () => {
    const { root } = form();
    const { press, screen } = openApp(root, 20, 4);
    press('a');
    expect(screen.cursor).toMatchObject({ column: 1, row: 1, visible: true });
    press('tab');
    expect(screen.cursor.visible).toBe(false);
  });
});

describe('drawing', () => {
  test('a letter typed is a few bytes', () => {
    const lab = openApp(form().root, 80, 24);
    lab.press('a');
    lab.press('b');
    expect(lab.bytes()).toBeLessThan(20);
  });

  test('a new size is drawn anew', () => {
    expect(openApp(form().root, 20, 4).resize(12, 3)).toEqual(['name', '', '[ one ] [  ]']);
  });

  test('what changes by itself is drawn when it is said', () => {
    let text = 'before';
    const lab = openApp(new Label(() => text), 10, 1);
    text = 'after';
    expect(lab.look()).toEqual(['before']);
    lab.app.redraw();
    expect(lab.pass(20)).toEqual(['after']);
  });

  test('while the connection is behind nothing is drawn, and then only the last', () => {
    let text = 'one';
    const lab = openApp(new Label(() => text), 10, 1);
    lab.app.pauseProducing();
    for (text of ['two', 'three', 'four']) {
      lab.app.redraw();
      expect(lab.pass(20)).toEqual(['one']);
    }
    lab.app.resumeProducing();
    expect(lab.pass(20)).toEqual(['four']);
    expect(lab.bytes()).toBeLessThan(10);
  });

  test('however often something asks, pictures are 15 milliseconds apart', () => {
    let drawn = 0;
    const lab = openApp(new Label(() => String((drawn += 1))), 10, 1);
    const before = drawn;
    for (let time = 0; time < 150; time += 1) {
      lab.app.redraw();
      lab.pass(1);
    }
    expect(drawn - before).toBeLessThanOrEqual(11);
  });

  test('a terminal of an absurd size costs no more than a large one', () => {
    const lab = openApp(new Label('hello'), 10, 1);
    lab.terminal.resized({ columns: 65_535, rows: 65_535, widthPixels: 0, heightPixels: 0 });
    lab.clock.pass(20);
    expect(lab.wire.value().length).toBeLessThan(200);
  });
});

describe('a dialog', () => {
  test('is over everything else, takes all keys, and gives them back', () => {
    const { root, name } = form();
    const lab = openApp(root, 30, 9);
    const dialog = new Dialog(new Label('Sure?'), { title: 'end', buttons: { Yes: () => lab.app.closeLayer() } });
    lab.press('a');
    lab.app.open(dialog);
    expect(lab.pass(20)).toEqual([
      'name',
      'a',
      '[ one ] ╭─ end ─────╮',
      '        │  Sure?    │',
      '        │           │',
      '        │  [ Yes ]  │',
      '        ╰───────────╯',
      '',
      '',
    ]);
    lab.press('b', 'tab', 'c');
    lab.click(0, 1);
    lab.press('enter');
    lab.press('d');
    expect(name.value).toBe('ad');
  });
});

describe('the end', () => {
  test('control+c gives the screen back as it was', () => {
    const lab = openApp(form().root, 20, 4, { title: 'mine' });
    expect([lab.screen.alternate, lab.screen.title]).toEqual([true, 'mine']);
    lab.press('control+c');
    expect(lab.screen.alternate).toBe(false);
    expect(lab.screen.modes).toMatchObject({ bracketedPaste: false });
    expect(lab.screen.cursor.visible).toBe(true);
    expect(lab.wire.disconnecting).toBe(true);
  });

  test('but not where somebody takes it', () => {
    const lab = openApp(form().root, 20, 4, { onKeystroke: ({ key }) => key === 'c' });
    lab.press('control+c');
    expect(lab.wire.disconnecting).toBe(false);
  });

  test('no timer is left', () => {
    const lab = openApp(form().root, 20, 4);
    lab.app.redraw();
    lab.app.close();
    lab.clock.pass(60_000);
    expect(lab.clock.waiting).toBe(0);
  });

  test('a widget that throws while it is drawn ends its own app, and says so', () => {
    class Broken extends Widget {
      isBroken = false;
      override wanted = (): { columns: number; rows: number } => ({ columns: 1, rows: 1 });
      override draw(_canvas: Canvas): void {
        if (this.isBroken) throw new Error('broken');
      }
    }
    const ends: CloseReason[] = [];
    const broken = new Broken();
    const lab = openApp(broken, 20, 4, { onEnd: reason => ends.push(reason) });
    broken.isBroken = true;
    lab.app.redraw();
    lab.pass(20);
    expect(lab.screen.alternate).toBe(false);
    expect(lab.end()).toMatchObject({ code: 1, failure: { message: 'broken' } });
    lab.wire.lose();
    expect(ends).toMatchObject([{ kind: 'protocol-error', error: { message: 'broken' } }]);
  });

  test('an app that chooses its exit status ends with it', () => {
    const lab = openApp(form().root, 20, 4);
    lab.app.close(3);
    expect(lab.end()).toEqual({ code: 3, failure: undefined });
  });

  test('an app runs once', () => {
    const lab = openApp(form().root, 20, 4);
    expect(() => lab.app.makeConnection(lab.terminal)).toThrow(/one for each session/);
  });

  test('an option that there is not is refused', () => {
    expect(() => new App(new Label(''), { colour: 'red' } as object)).toThrow(/colour: there is no such option/);
  });
});
