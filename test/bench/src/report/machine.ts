import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import type { Documented } from '../subjects/configuration.js';

/** The environment that the figures depend on, without anything that identifies the machine. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly openssl: string;
  readonly packages: Readonly<Record<string, string>>;
}

export function describeMachine(subjects: readonly Documented[]): Machine {
  const names = [...new Set(subjects.flatMap(({ packages }) => packages))].sort();
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-', 1)[0]} ${process.arch}`,
    node: process.version,
    openssl: process.versions.openssl,
    packages: Object.fromEntries(names.map((name) => [name, versionOf(name)])),
  };
}

const require = createRequire(import.meta.url);

/** Reads the manifest as a file, since many packages do not export their package.json. */
function versionOf(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    const version = versionIn(join(folder, name, 'package.json'));
    if (version !== undefined) return version;
  }
  return 'unknown';
}

function versionIn(manifest: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string };
    return version ?? `workspace, ${dirname(manifest).split('/').at(-1)}`;
  } catch {
    return undefined;
  }
}

export function showMachine({ cpu, cores, memoryGiB, system, node, openssl, packages }: Machine): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node.js ${node}, OpenSSL ${openssl}.`,
    ...(versions.length === 0 ? [] : [`Versions: ${versions.join(', ')}.`]),
  ].join('\n\n');
}
