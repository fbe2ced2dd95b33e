/**
 * How control functions are spelled: introducers, numbers, and text inside of control strings.
 *
 * A number out of range is a RangeError, never a shorter or longer sequence. Source: ECMA-48 5th ed. §5.4, §5.6.
 */
import { text } from './text.ts';

export const ESC = '\x1b';
/** Control Sequence Introducer, ECMA-48 §8.3.16, in its 7-bit form: the 8-bit one is not safe in UTF-8. */
export const csi = (rest: string): string => `\x1b[${rest}`;
/** Operating System Command, ECMA-48 §8.3.89, ended by ST. */
export const osc = (rest: string): string => `\x1b]${rest}\x1b\\`;

/** The largest number that terminals agree on (xterm and VTE keep 16 bits). */
const LARGEST = 65_535;

/** How many: a whole number from 1. Always written, also 1: a few terminals read a missing one as 0. */
export const count = (number: number): string => String(whole('count', number, 1, LARGEST));

/** A column or row of ours, counted from 0, as the wire counts it. */
export const place = (number: number): string => String(whole('column or row', number, 0, LARGEST - 1) + 1);

export const whole = (name: string, number: number, least: number, most: number): number => {
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}, got ${number}`);
};

/** Text inside a control string: one line, at most `limit` UTF-16 units, nothing that could end the string. */
export const stringText = (content: string, limit: number): string =>
  text(content.slice(0, limit), { keep: '' }).replaceAll('\ufffd', '');
