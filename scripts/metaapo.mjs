#!/usr/bin/env node
/** @file The command `metaapo` in a checkout: installs and builds what is missing, then hands over to the CLI. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, install, runNode, tool } from './toolchain.mjs';

const entry = join(ROOT, 'dist/apps/cli/src/main.js');
install();
if (!existsSync(entry)) tool('compiling', 'tsc', ['-p', join(ROOT, 'tsconfig.json')]);
process.exitCode = await runNode([entry, ...process.argv.slice(2)], { leash: true });
