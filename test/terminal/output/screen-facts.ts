/**
 * What each control function does to a screen: a table that every terminal is held to.
 *
 * Each fact begins on an empty screen of at least 80×24, and is told by what the screen shows afterwards, so that it can
 * be seen on terminals that have no other window than their screen.
 */
import * as out from '../../../terminal/output/index.ts';

export interface ScreenFact {
  readonly title: string;
  readonly writes: string;
  /** The rows from the top; those below are empty. */
  readonly shows: readonly string[];
  /** Terminals that are known not to do this, with what is known. */
  readonly notOn?: { readonly tmux?: string; readonly headless?: string };
}

/** Five rows, a to e, each five wide. */
const letters = 'aaaaa\r\nbbbbb\r\nccccc\r\nddddd\r\neeeee';
const at = out.cursorPosition;

const fact = (title: string, writes: string, shows: readonly string[], notOn?: ScreenFact['notOn']): ScreenFact => ({
  title,
  writes,
  shows,
  ...(notOn ? { notOn } : {}),
});

const codes = 'capture-pane shows the codes of line drawing, not the lines';

export const screenFacts: readonly ScreenFact[] = [
  fact('cursorPosition takes the column first and counts from 0', `${at(3, 1)}x`, ['', '   x']),
  fact('cursorUp goes up', `${at(0, 2)}${out.cursorUp(2)}x`, ['x']),
  fact('cursorUp goes up one row unless told', `${at(0, 2)}${out.cursorUp()}x`, ['', 'x']),
  fact('cursorUp stops at the top', `${at(0, 2)}${out.cursorUp(99)}x`, ['x']),
  fact('cursorDown goes down', `${out.cursorDown(2)}x`, ['', '', 'x']),
  fact('cursorForward goes right', `${out.cursorForward(4)}x`, ['    x']),
  fact('cursorBackward goes left', `${at(4, 0)}${out.cursorBackward(3)}x`, [' x']),
  fact('cursorColumn keeps the row', `${at(7, 1)}${out.cursorColumn(2)}x`, ['', '  x']),
  fact('cursorRow keeps the column', `${at(2, 3)}${out.cursorRow(1)}x`, ['', '  x']),
  fact('cursorHome goes to the top left', `${at(5, 5)}${out.cursorHome()}x`, ['x']),
  fact(
    'restoreCursor goes back to where saveCursor was',
    `${at(2, 1)}${out.saveCursor()}${at(7, 3)}${out.restoreCursor()}x`,
    ['', '  x'],
  ),
  fact('restoreCursor goes to the top left when nothing was saved', `${at(7, 3)}${out.restoreCursor()}x`, ['x']),
  fact('index goes down and keeps the column', `${at(2, 0)}${out.index()}x`, ['', '  x']),
  fact('reverseIndex goes up and keeps the column', `${at(2, 1)}${out.reverseIndex()}x`, ['  x']),
  fact('reverseIndex scrolls down at the top', `${letters}${out.cursorHome()}${out.reverseIndex()}`, [
    '',
    ...['aaaaa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact('nextLine goes to the first column of the next row', `ab${out.nextLine()}x`, ['ab', 'x']),

  fact('eraseToLineEnd erases from the cursor on', `${letters}${at(2, 1)}${out.eraseToLineEnd()}`, [
    ...['aaaaa', 'bb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact('eraseToLineBeginning erases up to the cursor', `${letters}${at(2, 1)}${out.eraseToLineBeginning()}`, [
    ...['aaaaa', '   bb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact('eraseLine erases the row and keeps the cursor', `${letters}${at(2, 1)}${out.eraseLine()}x`, [
    ...['aaaaa', '  x', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact('eraseToDisplayEnd erases from the cursor on', `${letters}${at(2, 1)}${out.eraseToDisplayEnd()}`, [
    ...['aaaaa', 'bb'],
  ]),
  fact('eraseToDisplayBeginning erases up to the cursor', `${letters}${at(2, 1)}${out.eraseToDisplayBeginning()}`, [
    ...['', '   bb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact('eraseDisplay erases everything and keeps the cursor', `${letters}${at(2, 1)}${out.eraseDisplay()}x`, [
    '',
    '  x',
  ]),
  fact('eraseCharacter leaves a gap', `${letters}${at(1, 0)}${out.eraseCharacter(2)}`, [
    ...['a  aa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact('insertCharacter pushes', `abc${at(1, 0)}${out.insertCharacter(2)}`, ['a  bc']),
  fact('deleteCharacter closes the gap', `abcde${at(1, 0)}${out.deleteCharacter(2)}`, ['ade']),
  fact('insertLine pushes rows down', `${letters}${at(0, 1)}${out.insertLine(2)}`, [
    ...['aaaaa', '', '', 'bbbbb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact('deleteLine pulls rows up', `${letters}${at(0, 1)}${out.deleteLine(2)}`, ['aaaaa', 'ddddd', 'eeeee']),
  fact('scrollUp moves everything up', `${letters}${out.scrollUp(2)}`, ['ccccc', 'ddddd', 'eeeee']),
  fact('scrollDown moves everything down', `${letters}${out.scrollDown(2)}`, [
    ...['', '', 'aaaaa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact(
    'scrollRegion scrolls only its rows, both ends included',
    `${letters}${out.scrollRegion(1, 3)}${at(0, 3)}${out.index()}`,
    ['aaaaa', 'ccccc', 'ddddd', '', 'eeeee'],
  ),
  fact('scrollRegion moves the cursor to the top left', `${letters}${out.scrollRegion(1, 3)}x`, [
    ...['xaaaa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
  fact(
    'resetScrollRegion scrolls everything again',
    `${letters}${out.scrollRegion(1, 3)}${out.resetScrollRegion()}${at(0, 0)}${out.deleteLine()}`,
    ['bbbbb', 'ccccc', 'ddddd', 'eeeee'],
  ),

  fact('tab stops stand in every eighth column', '\tx', ['        x']),
  fact('setTabStop sets one where the cursor is', `${at(3, 0)}${out.setTabStop()}\r\tx`, ['   x']),
  fact('clearTabStop clears the one where the cursor is', `${at(8, 0)}${out.clearTabStop()}\r\tx`, [
    '                x',
  ]),
  fact('clearAllTabStops clears them all', `${out.clearAllTabStops()}${at(3, 0)}${out.setTabStop()}\r\tx`, ['   x']),
  fact('line drawing in G0 is used at once', `${out.selectCharacterSet('line-drawing', 'G0')}lqk`, ['┌─┐'], {
    tmux: codes,
  }),
  fact(
    'shiftOut uses G1 and shiftIn G0',
    `${out.selectCharacterSet('line-drawing', 'G1')}q${out.shiftOut()}q${out.shiftIn()}q`,
    ['q─q'],
    { tmux: codes },
  ),
  fact(
    'the British set has a pound sign for a number sign',
    `${out.selectCharacterSet('uk', 'G0')}#${out.selectCharacterSet('us', 'G0')}#`,
    ['£#'],
    { tmux: 'knows only line drawing' },
  ),
  fact('screenAlignment fills the screen with E', `${out.screenAlignment()}${at(1, 0)}${out.eraseToDisplayEnd()}`, [
    'E',
  ]),

  fact('insert mode pushes', `bc\r${out.setModes(['insert'])}a${out.resetModes(['insert'])}`, ['abc']),
  fact('without it, characters replace', `bc\r${out.setModes(['insert'])}${out.resetModes(['insert'])}a`, ['ac']),
  fact(
    'in origin mode, positions count from the region',
    `${out.scrollRegion(2, 4)}${out.setPrivateModes(['origin'])}${at(1, 0)}x`,
    ['', '', ' x'],
  ),
  fact('the alternate screen hides the first', `main${out.setPrivateModes(['alternateScreen'])}${at(0, 1)}other`, [
    ...['', 'other'],
  ]),
  fact(
    'leaving the alternate screen brings the first back, with its cursor',
    `main${out.setPrivateModes(['alternateScreen'])}${at(9, 9)}other${out.resetPrivateModes(['alternateScreen'])}!`,
    ['main!'],
  ),
  fact(
    'softReset ends insert mode and keeps the screen',
    `bc\r${out.setModes(['insert'])}${out.softReset()}a`,
    [...['ac']],
    { tmux: 'does not take it as ending insert mode' },
  ),
  fact('reset erases the screen', `${letters}${out.reset()}x`, ['x']),

  // What must not be seen: a terminal that does not know these would show their parameters.
  fact('a link shows its text', `${out.startHyperlink('https://example.org/a b')}text${out.endHyperlink()}.`, [
    'text.',
  ]),
  fact('a title shows nothing', `${out.pushTitle()}${out.setTitle('title')}${out.popTitle()}x`, ['x']),
  fact('the clipboard shows nothing', `${out.copyToClipboard('secret')}x`, ['x']),
  ...(['osc-9', 'osc-777', 'osc-99'] as const).map(form =>
    fact(`a notification (${form}) shows nothing`, `${out.notify('body', { title: 'title', form })}x`, ['x']),
  ),
  fact('keyboard flags show nothing', `${out.pushKeyboardFlags('disambiguate')}${out.popKeyboardFlags()}x`, ['x']),
  fact('a cursor shape shows nothing', `${out.cursorShape('bar')}${out.cursorShape('default')}x`, ['x']),
  fact('keypad modes show nothing', `${out.applicationKeypadMode()}${out.numericKeypadMode()}x`, ['x']),
  fact('the bell shows nothing', `${out.bell()}x`, ['x']),
  fact(
    'what is written in synchronized output is seen after it',
    `${out.setPrivateModes(['synchronizedOutput'])}x${out.resetPrivateModes(['synchronizedOutput'])}`,
    ['x'],
  ),
  fact(
    'every way to underline shows only the text',
    (['single', 'double', 'curly', 'dotted', 'dashed'] as const)
      .map(underline => `${out.setStyle({ underline, underlineColour: '#ff8800' })}x`)
      .join(''),
    ['xxxxx'],
  ),
  fact('double size rows show their text', `${out.doubleWidthLine()}ab${out.singleWidthLine()}`, ['ab']),
  fact(
    'a height of two rows shows its text',
    `${out.doubleHeightLine('top')}ab\r\n${out.doubleHeightLine('bottom')}ab`,
    [...['ab', 'ab']],
  ),
  fact('eraseScrollback keeps the screen', `${letters}${out.eraseScrollback()}`, [
    ...['aaaaa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee'],
  ]),
];
