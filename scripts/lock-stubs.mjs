/**
 * @file Completes `package-lock.json` with the optional platform packages that the registry in use does not carry.
 *
 * `npm ci` refuses a lock file in which an optional dependency is missing, and npm never writes entries that it cannot
 * resolve. The entries added here are by name, version and platform only; npm skips them by `os` and `cpu` and fetches
 * nothing. Run after every change of dependencies: `npm run lock`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const OS_NAMES = /android|darwin|freebsd|netbsd|openbsd|openharmony|win32|windows|aix|sunos|linux|win(?=-)/;
const CPU_NAMES = /aarch64|arm64|armv7|x86_64|x64|ia32|s390x|ppc64|riscv64|loong64|wasm32|arm/;
const OS_ALIASES = { windows: 'win32', win: 'win32' };
const CPU_ALIASES = { aarch64: 'arm64', armv7: 'arm', x86_64: 'x64' };

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** The folder in which Node would find `name` from `from`, or undefined. */
function resolved(from, name) {
  for (let dir = from; ; dir = dir.includes('/node_modules/') ? dir.slice(0, dir.lastIndexOf('/node_modules/')) : '') {
    if (lock.packages[`${dir ? `${dir}/` : ''}node_modules/${name}`]) return true;
    if (!dir) return false;
  }
}

function stub(name, range, { dev }) {
  const os = OS_NAMES.exec(name)?.[0];
  const cpu = CPU_NAMES.exec(name)?.[0];
  if (!os && cpu !== 'wasm32') throw new TypeError(`cannot tell the platform of ${name} from its name`);
  return {
    version: range.replace(/^[\^~]/, ''),
    cpu: [CPU_ALIASES[cpu] ?? cpu ?? 'universal'],
    ...(/musl/.test(name) && { libc: ['musl'] }),
    ...(dev && { dev: true }),
    optional: true,
    ...(os && { os: [OS_ALIASES[os] ?? os] }),
  };
}

let added = 0;
for (const [at, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolved(at, name)) continue;
    lock.packages[`node_modules/${name}`] = stub(name, range, entry);
    added++;
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
console.log(`lock-stubs: ${added} added`);
