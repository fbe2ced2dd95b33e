/**
 * Makes the links of one end, server or client: what is the same for all of them is settled once.
 */
import { keyLimitDefaults, type KeyLimits } from '../key-age.ts';
import {
  clientSetup,
  serverSetup,
  type ClientEngineOptions,
  type EngineSetup,
  type ServerEngineOptions,
} from './engine-roles.ts';
import { PacketLink, type LinkOwner } from './packet-link.ts';

interface LinkOptions {
  /** When to exchange keys again. @default keyLimitDefaults */
  readonly keyLimits?: KeyLimits;
}

export type ServerLinkOptions = ServerEngineOptions & LinkOptions;
export type ClientLinkOptions = ClientEngineOptions & LinkOptions;

export type Links = (owner: LinkOwner) => PacketLink;

export const serverLinks = (options: ServerLinkOptions): Links => links(serverSetup(options), options);

/** Throws ConfigError when there is nobody to look at the server's host key. */
export const clientLinks = (options: ClientLinkOptions): Links => links(clientSetup(options), options);

function links(setup: EngineSetup, { keyLimits }: LinkOptions): Links {
  const limits = { ...keyLimitDefaults, ...keyLimits };
  return owner => new PacketLink(owner, setup, limits);
}
