/** The settings that say who may log in: `accounts` and, for two of its words, `system` and `users`. */
import { z } from 'zod';
import { greetingDefaults, loginRuleDefaults } from '../server/index.ts';
import { group, list, oneOf, path, plainText, yesOrNo } from './setting-kinds.ts';

const accountModes = ['self', 'system', 'virtual'] as const;

const system = group({
  ...{ allowUsers: list(plainText), denyUsers: list(plainText) },
  ...{ allowGroups: list(plainText), denyGroups: list(plainText) },
  permitRootLogin: yesOrNo,
  motd: path.nullable(),
  lastlog: path.nullable(),
});

const user = group({
  ...{ keys: list(plainText), authorizedKeys: path },
  ...{ command: list(plainText).min(1, 'must name a program'), account: plainText },
}).partial();

const users = z.record(plainText, user, 'must be a list of users, `name: { keys: …, command: … }`');

export const accountFields = { accounts: oneOf(accountModes), users };
export const completeSystem = { system };
export const givenSystem = { system: system.partial() };

export const defaultAccounts = { accounts: 'self' as const, users: {} };

const copied = (name: 'allowUsers' | 'denyUsers' | 'allowGroups' | 'denyGroups'): string[] => [
  ...loginRuleDefaults[name],
];

/** With its defaults. */
export const completedSystem = ({
  allowUsers = copied('allowUsers'),
  denyUsers = copied('denyUsers'),
  allowGroups = copied('allowGroups'),
  denyGroups = copied('denyGroups'),
  permitRootLogin = loginRuleDefaults.permitRootLogin,
  motd = greetingDefaults.motd,
  lastlog = greetingDefaults.lastlog,
}: z.output<typeof givenSystem.system> = {}): z.output<typeof system> => ({
  ...{ allowUsers, denyUsers, allowGroups, denyGroups, permitRootLogin, motd, lastlog },
});
