/** Which algorithms a server offers, and what it says of a choice that is none. */
import { describe, expect, test } from '@jest/globals';
import { chosenAlgorithms } from '../../server/algorithm-choice.ts';
import { algorithmProfiles } from '../../ssh/algorithms.ts';

const { modern, compatible } = algorithmProfiles;

describe('a choice', () => {
  const choices: Array<[choice: unknown, offered: object, why: string]> = [
    ['modern', modern, 'a profile'],
    ['compatible', compatible, 'another'],
    [{}, modern, 'no list: all as in modern'],
    [{ kex: undefined }, modern, 'a list that is not given'],
    [{ ciphers: ['aes128-ctr'] }, { ...modern, ciphers: ['aes128-ctr'] }, 'one list, the others as in modern'],
    [
      { kex: ['ecdh-sha2-nistp256', 'curve25519-sha256'], macs: ['hmac-sha2-256'] },
      { ...modern, kex: ['ecdh-sha2-nistp256', 'curve25519-sha256'], macs: ['hmac-sha2-256'] },
      'in their order, older ones too',
    ],
  ];
  for (const [choice, offered, why] of choices) {
    test(`${JSON.stringify(choice)} is ${why}`, () => expect(chosenAlgorithms(choice)).toEqual(offered));
  }
});

describe('no choice', () => {
  const complaints: Array<[choice: unknown, says: string]> = [
    ['modem', 'algorithms: must be one of modern, strict, compatible, or lists'],
    [7, 'algorithms: must be one of modern, strict, compatible, or lists'],
    [null, 'algorithms: must be one of modern, strict, compatible, or lists'],
    [['aes128-ctr'], 'algorithms.0: there is no such list; there are kex, ciphers, macs'],
    [{ cipher: ['aes128-ctr'] }, "algorithms.cipher: there is no such list; did you mean 'ciphers'?"],
    [{ compression: ['zlib'] }, 'algorithms.compression: there is no such list; there are kex, ciphers, macs'],
    [{ ciphers: [] }, 'algorithms.ciphers: must be a list of at least one name'],
    [{ ciphers: 'aes128-ctr' }, 'algorithms.ciphers: must be a list of at least one name'],
    [{ ciphers: ['aes128-crt'] }, "algorithms.ciphers: there is no 'aes128-crt'; did you mean 'aes128-ctr'?"],
    [{ ciphers: ['aes128-cbc'] }, "algorithms.ciphers: there is no 'aes128-cbc'; did you mean 'aes128-ctr'?"],
    [
      { macs: ['hmac-sha2-512-etm'] },
      "algorithms.macs: there is no 'hmac-sha2-512-etm'; did you mean 'hmac-sha2-512'?",
    ],
    [
      { macs: [7] },
      "algorithms.macs: there is no '7'; there are hmac-sha2-512-etm@openssh.com, hmac-sha2-256-etm@openssh.com, hmac-sha2-512, hmac-sha2-256",
    ],
    [{ macs: ['hmac-sha2-256', 'hmac-sha2-256'] }, 'algorithms.macs: names something twice'],
  ];
  for (const [choice, says] of complaints) {
    test(`is ${JSON.stringify(choice)}: ${says.slice(0, 70)}`, () =>
      expect(() => chosenAlgorithms(choice)).toThrow(says));
  }
});
