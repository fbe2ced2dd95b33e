/** Any operation on a terminal, with values that terminal/output/ takes. The table has a row for each that there is. */
import fc, { type Arbitrary } from '../../support/properties.ts';
import { operation, type Operation, type OperationName } from '../../../terminal/client/operation.ts';
import * as out from '../../../terminal/output/index.ts';

type ValuesOf<Name extends OperationName> = Operation<Name>['values'];

const names = <Name extends string>(table: Readonly<Record<Name, unknown>>): Arbitrary<Name> =>
  fc.constantFrom(...(Object.keys(table) as Name[]));

const nothing = fc.constant<[]>([]);
const counted = fc.integer({ min: 1, max: 65_535 }).map((number): [number] => [number]);
const place = fc.integer({ min: 0, max: 65_534 });
/** Anything at all in a text: letters, controls, halves of characters. */
const anyText = fc.string({ unit: 'binary', maxLength: 12 });
const modes = fc.array(fc.oneof(names(out.modes), fc.constant(65_535)), { minLength: 1, maxLength: 3 });
const privateModes = fc.array(fc.oneof(names(out.privateModes), fc.constant(47)), { minLength: 1, maxLength: 3 });
const colour = fc.oneof(fc.constantFrom('red', 'bright-blue', 'default', '#102030'), fc.nat(255));
const styles = fc.record<out.Style>(
  {
    bold: fc.boolean(),
    underline: fc.constantFrom<out.Style['underline']>(true, 'curly', 'double'),
    foreground: colour,
    underlineColour: colour,
  },
  { requiredKeys: [] },
);
const graphic = fc.oneof(
  fc.integer({ min: 0, max: 65_535 }),
  fc.constantFrom<out.GraphicParameter>('4:3', '58:2::1:2:3', '38:5:9'),
);

const values: { readonly [Name in OperationName]: Arbitrary<ValuesOf<Name>> } = {
  cursorUp: counted,
  cursorDown: counted,
  cursorForward: counted,
  cursorBackward: counted,
  cursorPosition: fc.tuple(place, place),
  cursorColumn: fc.tuple(place),
  cursorRow: fc.tuple(place),
  cursorHome: nothing,
  saveCursor: nothing,
  restoreCursor: nothing,
  index: nothing,
  reverseIndex: nothing,
  nextLine: nothing,
  eraseLine: nothing,
  eraseToLineEnd: nothing,
  eraseToLineBeginning: nothing,
  eraseDisplay: nothing,
  eraseToDisplayEnd: nothing,
  eraseToDisplayBeginning: nothing,
  eraseScrollback: nothing,
  eraseCharacter: counted,
  insertCharacter: counted,
  deleteCharacter: counted,
  insertLine: counted,
  deleteLine: counted,
  scrollUp: counted,
  scrollDown: counted,
  setTabStop: nothing,
  clearTabStop: nothing,
  clearAllTabStops: nothing,
  singleShift2: nothing,
  singleShift3: nothing,
  doubleHeightLine: fc.tuple(fc.constantFrom('top', 'bottom')),
  doubleWidthLine: nothing,
  singleWidthLine: nothing,
  screenAlignment: nothing,
  bell: nothing,
  cursorShape: fc.tuple(names(out.cursorShapes)),
  scrollRegion: fc.tuple(fc.nat(100), fc.integer({ min: 101, max: 65_534 })),
  resetScrollRegion: nothing,
  selectCharacterSet: fc.tuple(names(out.characterSets), names(out.graphicSets)),
  shiftIn: nothing,
  shiftOut: nothing,
  setModes: fc.tuple(modes),
  resetModes: fc.tuple(modes),
  setPrivateModes: fc.tuple(privateModes),
  resetPrivateModes: fc.tuple(privateModes),
  applicationKeypadMode: nothing,
  numericKeypadMode: nothing,
  pushKeyboardFlags: fc.subarray(Object.keys(out.keyboardFlags) as out.KeyboardFlag[]),
  popKeyboardFlags: counted,
  reset: nothing,
  softReset: nothing,
  selectGraphicRendition: fc.array(graphic, { maxLength: 4 }),
  setStyle: fc.tuple(styles),
  startHyperlink: fc.tuple(
    fc.constantFrom('http://a/b;c:d', 'mailto:a@b.c?d=é'),
    fc.option(anyText, { nil: undefined }),
  ),
  endHyperlink: nothing,
  setTitle: fc.tuple(anyText),
  pushTitle: nothing,
  popTitle: nothing,
  copyToClipboard: fc.tuple(anyText, names(out.clipboardSelections)),
  notify: fc.tuple(
    anyText,
    fc.record({ title: anyText, form: fc.constantFrom<out.NotificationForm>('osc-9', 'osc-777', 'osc-99') }),
  ),
};

/** The bytes that terminal/output/ makes of it. */
export const written = ({ name, values: taken }: Operation): string =>
  (out[name] as (...each: readonly unknown[]) => string)(...taken);

export const anyOperation: Arbitrary<Operation> = names(values).chain(name =>
  (values[name] as Arbitrary<never>).map(taken => operation(name, ...(taken as [])) as Operation),
);
