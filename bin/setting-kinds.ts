/**
 * The kinds of values that settings have: how each is read from YAML, what is wrong with it, and how it is written.
 */
import { z } from 'zod';
import { durationText, parseDuration } from './duration.ts';
import { parseSize, sizeText } from './size.ts';

/** YAML takes `30`, `yes:` and the like for something else than text. */
export const plainText = z.string({
  error: ({ input }) => `${JSON.stringify(input) ?? 'nothing'} is not text; put it in quotation marks`,
});

/** YAML reads a number without a unit as one; what is wrong with it is for its parser to say. */
const textOrNumber = z.union([z.string(), z.number()], {
  error: ({ input }) => `${JSON.stringify(input) ?? 'nothing'} is not text; put it in quotation marks`,
});

/** Text that `parse` turns into something, or says what is wrong with; `write` turns it back. */
export const parsed = <T>(parse: (text: string) => T | string, write: (value: T) => string) =>
  z.codec(plainText, z.custom<T>(), { decode: decodeBy(parse), encode: write });

const decodeBy =
  <T>(parse: (text: string) => T | string) =>
  (text: string | number, context: { issues: z.core.$ZodRawIssue[] }): T => {
    const value = parse(String(text));
    if (typeof value !== 'string') return value;
    context.issues.push({ code: 'custom', message: value, input: text });
    return z.NEVER;
  };

/** In milliseconds. */
export const duration = z.codec(textOrNumber, z.number(), { decode: decodeBy(parseDuration), encode: durationText });

/** In bytes. */
export const size = z.codec(textOrNumber, z.number(), { decode: decodeBy(parseSize), encode: sizeText });

export const path = plainText.min(1, 'must not be empty');
export const count = z.int('must be a whole number').min(1, 'must be at least 1');
/** 0 means no limit. */
export const limit = z.int('must be a whole number').min(0, 'must be at least 0');
export const yesOrNo = z.boolean('must be true or false');

export const list = <T extends z.ZodType>(item: T) => z.array(item, 'must be a list');

export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, `must be one of ${words.join(', ')}`);

/** Some settings by name, and nothing else. */
export const group = <Fields extends z.core.$ZodShape>(fields: Fields) =>
  z.strictObject(fields, 'must be a list of settings, `name: value`');
