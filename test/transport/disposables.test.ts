/** Releasing things together: order, exactly once, and errors collected. */
import { expect, test } from '@jest/globals';
import { Disposables } from '../../transport/disposables.ts';

test('what was opened last is released first, each once, however often the bag is disposed', () => {
  const released: string[] = [];
  const bag = new Disposables();
  for (const name of ['socket', 'timer', 'listener']) bag.add(() => released.push(name));
  bag[Symbol.dispose]();
  bag[Symbol.dispose]();
  expect(released).toEqual(['listener', 'timer', 'socket']);
});

test('a release that throws does not keep the others from being released; all errors are told together', () => {
  const released: string[] = [];
  const fault = new Error('stuck');
  const bag = new Disposables();
  bag.add(() => released.push('first'));
  bag.add(() => {
    throw fault;
  });
  bag.add(() => released.push('last'));
  let thrown: unknown;
  try {
    bag[Symbol.dispose]();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ name: 'AggregateError', errors: [fault], message: '1 of 3 releases failed' });
  expect(released).toEqual(['last', 'first']);
});

test('what is added to a bag already disposed is released at once: nothing leaks through a late add', () => {
  const released: string[] = [];
  const bag = new Disposables();
  bag[Symbol.dispose]();
  bag.add(() => released.push('late'));
  expect(released).toEqual(['late']);
});

test('own takes a thing and gives it back, to be released with the bag', () => {
  let disposed = 0;
  const thing = { [Symbol.dispose]: () => void (disposed += 1) };
  {
    using bag = new Disposables();
    expect(bag.own(thing)).toBe(thing);
    expect(disposed).toBe(0);
  }
  expect(disposed).toBe(1);
});

test('a release may add to the bag that is being released', () => {
  const released: string[] = [];
  const bag = new Disposables();
  bag.add(() => bag.add(() => released.push('added while releasing')));
  bag[Symbol.dispose]();
  expect(released).toEqual(['added while releasing']);
});
