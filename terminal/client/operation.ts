/** An operation on a terminal as a value: its name in ITerminalOperations and what it is called with. */
import type { ITerminalOperations } from '../contracts.ts';

type Values = { readonly [Name in keyof ITerminalOperations]: Parameters<ITerminalOperations[Name]> };
export type OperationName = keyof Values;

export type Operation<Name extends OperationName = OperationName> = {
  readonly [Each in Name]: { readonly name: Each; readonly values: Values[Each] };
}[Name];

type Target<Name extends OperationName> = { readonly [Each in Name]: (...values: Values[Each]) => void };

export const operation = <Name extends OperationName>(
  name: Name,
  ...values: Values[Name]
): { readonly name: Name; readonly values: Values[Name] } => ({ name, values });

/** Do `operation` on `target`: `{ name: 'cursorUp', values: [2] }` is `target.cursorUp(2)`. */
export function perform<Name extends OperationName>(
  { name, values }: { readonly name: Name; readonly values: Values[Name] },
  target: Target<Name>,
): void {
  target[name](...values);
}
