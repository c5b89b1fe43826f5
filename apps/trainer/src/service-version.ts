/** @file The version of this software, as it goes into every report. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { protoRoot } from '#contracts';

/** `version` of the package.json that stands beside the contract. */
export function serviceVersion(): string {
  const path = join(protoRoot(), '..', 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
