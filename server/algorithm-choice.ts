/**
 * Which algorithms a server offers: a profile by its name, or lists of its own. What we cannot do, or do not want to
 * (ssh/algorithms.ts), is an error that names the nearest thing that we can.
 */
import { algorithmProfiles, type AlgorithmProfile, type Algorithms } from '../ssh/algorithms.ts';
import { ConfigError } from '../transport/errors.ts';
import { nearest } from './nearest.ts';

/** Names as in the registry, preferred first; each list in place of that of the profile `modern`. */
export interface AlgorithmLists {
  readonly kex?: readonly string[] | undefined;
  readonly ciphers?: readonly string[] | undefined;
  readonly macs?: readonly string[] | undefined;
}

export type AlgorithmChoice = AlgorithmProfile | AlgorithmLists;

const profileNames = Object.keys(algorithmProfiles);
const listNames = ['kex', 'ciphers', 'macs'] as const;
/** All that there is to choose from. */
const known: Algorithms = { ...algorithmProfiles.compatible };

/** What is offered for `choice`, which may be anything. Throws ConfigError, at `option` or one of its lists. */
export function chosenAlgorithms(choice: unknown, option = 'algorithms'): Algorithms {
  if (typeof choice === 'string') return profileNamed(choice, option);
  if (typeof choice !== 'object' || choice === null) throw wrong(option);
  const lists = Object.entries(choice).filter(([, names]) => names !== undefined);
  const chosen = lists.map(([name, names]) => chosenList(name, names, `${option}.${name}`));
  return { ...algorithmProfiles.modern, ...Object.fromEntries(chosen) };
}

function profileNamed(name: string, option: string): Algorithms {
  const profile = Object.entries(algorithmProfiles).find(([known]) => known === name)?.[1];
  if (!profile) throw wrong(option);
  return profile;
}

function chosenList(name: string, given: unknown, option: string): [list: string, names: readonly string[]] {
  const list = listNames.find(known => known === name);
  if (!list) throw new ConfigError(option, `there is no such list${meant(name, listNames)}`);
  const items: unknown[] = Array.isArray(given) ? given : [];
  const names = items.map(item => (typeof item === 'string' ? item : JSON.stringify(item)));
  if (names.length === 0) throw new ConfigError(option, 'must be a list of at least one name');
  const stranger = names.find(name => !known[list].includes(name));
  if (stranger !== undefined) throw new ConfigError(option, `there is no '${stranger}'${meant(stranger, known[list])}`);
  if (new Set(names).size < names.length) throw new ConfigError(option, 'names something twice');
  return [list, names];
}

function meant(name: string, all: readonly string[]): string {
  const near = nearest(name, all);
  return near === undefined ? `; there are ${all.join(', ')}` : `; did you mean '${near}'?`;
}

const wrong = (option: string): ConfigError =>
  new ConfigError(option, `must be one of ${profileNames.join(', ')}, or lists`);
