/** @file Which version of a dependency is installed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot } from '#core';

/** Undefined when it is not installed. */
export function dependencyVersion(packageName: string): string | undefined {
  const path = join(installationRoot(), 'node_modules', packageName, 'package.json');
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, 'utf8')) as { version?: string }).version;
}
