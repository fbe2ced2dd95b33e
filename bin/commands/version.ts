/** `nacre version`: what to write in a bug report. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Io } from '../io.ts';

export const versionCommand = (io: Io): Command =>
  new Command('version')
    .description('print the version of nacre, Node and the system')
    .action(() => void io.out.write(`${versionText()}\n`));

export const versionText = (): string =>
  `nacre ${nacreVersion()} (node ${process.version}, ${process.platform} ${process.arch})`;

/** From package.json, which lies one folder higher above dist/ than above the sources. */
function nacreVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    const version = versionIn(new URL(path, import.meta.url));
    if (version !== undefined) return version;
  }
  return 'unknown';
}

function versionIn(url: URL): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(url, 'utf8'));
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
