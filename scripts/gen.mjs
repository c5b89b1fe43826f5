/**
 * @file Generates the TypeScript types of the wire contract from `proto/`, or with `--check` proves them fresh.
 *
 * The run-time objects come from the same files through @grpc/proto-loader; the flags below are the loader's options in
 * `libs/contracts/src/load.ts`, and must stay equal to them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'libs/contracts/src/gen');
const files = (dir, suffix) =>
  readdirSync(dir, { recursive: true })
    .filter((file) => file.endsWith(suffix))
    .sort();

const protos = files(join(root, 'proto'), '.proto');
const out = mkdtempSync(join(tmpdir(), 'metaapo-gen-'));
const made = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js'),
    '--longs=String',
    '--enums=String',
    '--defaults',
    '--arrays',
    '--objects',
    '--oneofs',
    '--grpcLib=@grpc/grpc-js',
    '--importFileExtension=.js',
    '--includeComments',
    `--includeDirs=${join(root, 'proto')}`,
    `--outDir=${out}`,
    ...protos,
  ],
  { cwd: root, encoding: 'utf8' },
);
if (made.status !== 0) {
  process.stderr.write(`gen: proto-loader-gen-types failed\n${made.stdout}${made.stderr}`);
  process.exit(1);
}

// One loader-shaped summary per file lies at the top; only the messages and services below are used.
for (const file of readdirSync(out)) if (file.endsWith('.ts')) rmSync(join(out, file));
// The generator writes where the proto lay on this machine; that is nobody's business and differs between machines.
for (const file of files(out, '.ts')) {
  const path = join(out, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^\/\/ Original file: .*\/proto\/(.*)$/m, '// From proto/$1'));
}
for (const file of protos) writePackageIndex(dirname(file));

if (process.argv.includes('--check')) {
  const stale = [...new Set([...files(out, '.ts'), ...safeFiles(target)])].filter(
    (file) => read(join(out, file)) !== read(join(target, file)),
  );
  rmSync(out, { recursive: true });
  if (stale.length > 0) {
    process.stderr.write(
      `gen: ${stale.length} generated files differ from proto/, first ${stale[0]}; run npm run gen\n`,
    );
    process.exit(1);
  }
} else {
  rmSync(target, { recursive: true, force: true });
  cpSync(out, target, { recursive: true });
  rmSync(out, { recursive: true });
  console.log(`gen: ${files(target, '.ts').length} files in ${relative(root, target)}`);
}

function safeFiles(dir) {
  try {
    return files(dir, '.ts');
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** One index per package: every message with its output form, every enum as type and value. */
function writePackageIndex(packageDir) {
  const dir = join(out, packageDir);
  const lines = readdirSync(dir)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -3);
      const source = readFileSync(join(dir, file), 'utf8');
      if (source.includes(`export const ${name} = {`))
        return `export { ${name}, type ${name}__Output } from './${name}.js';`;
      const types = [...source.matchAll(/^export interface (\w+)/gm)].map((match) => match[1]);
      return `export type { ${types.join(', ')} } from './${name}.js';`;
    });
  writeFileSync(join(dir, 'index.ts'), `// From proto/${packageDir}\n\n${lines.join('\n')}\n`);
}
