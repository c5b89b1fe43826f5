/**
 * @file Reads the manifests of `k8s/`, as they are written and as kustomize builds them.
 *
 * `kubectl kustomize` and `kustomize build` need no cluster; where neither is installed, `build` says so and the tests
 * of built manifests are skipped, while those of the written ones still run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

export const REPOSITORY = findRepository();
export const K8S = join(REPOSITORY, 'k8s');

/** The apps that run on a cluster. */
export const APPS = ['policy', 'reward', 'meta-learner', 'trainer'] as const;
export type App = (typeof APPS)[number];

export interface Probe {
  readonly grpc?: { readonly port: number };
  readonly httpGet?: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly secretRef: { readonly name: string } }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes?: readonly {
    readonly name: string;
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
}

export type Labels = Readonly<Record<string, string>>;

export interface Peer {
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly namespaceSelector?: object;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** The parts of a manifest that the tests look at; which are present depends on the kind. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels; readonly namespace?: string };
  readonly spec: {
    readonly clusterIP?: string;
    readonly serviceName?: string;
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly selector: Labels & { readonly matchLabels: Labels };
    readonly podSelector: { readonly matchLabels: Labels };
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly {
      readonly from: readonly Peer[];
      readonly ports: readonly { readonly port: string }[];
    }[];
    readonly egress?: readonly {
      readonly to: readonly Peer[];
      readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
    }[];
  };
}

/** Every document of a YAML text; a syntax error throws. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0] as Error;
    return document.toJS() as Manifest;
  });
}

/** The manifests of an app as written in its base folder. */
export function writtenManifests(app: App): Manifest[] {
  return writtenIn(`base/${app}`);
}

/** Those of a folder, its patches included: these have no more than what they change. */
export function writtenIn(name: string): Manifest[] {
  const folder = join(K8S, name);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
    .flatMap((file) => parseManifests(readFileSync(join(folder, file), 'utf8')));
}

/** Every kustomization below `k8s/`, by its folder. */
export function kustomizations(): { readonly folder: string; readonly content: Record<string, unknown> }[] {
  return readdirSync(K8S, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('kustomization.yaml'))
    .map((file) => ({
      folder: dirname(join(K8S, file)),
      content: parseAllDocuments(readFileSync(join(K8S, file), 'utf8'))[0]?.toJS() as Record<string, unknown>,
    }));
}

const BUILDERS = [
  ['kubectl', 'kustomize'],
  ['kustomize', 'build'],
] as const;

/** The command that builds a kustomization, or `undefined` where none is installed. */
export const BUILDER = BUILDERS.find(([command, verb]) => spawnSync(command, [verb, '--help']).status === 0);

/** Why tests of built manifests are skipped, or false. */
export const SKIP_BUILD = BUILDER ? false : 'neither kubectl nor kustomize is installed';

/** The manifests that a kustomization builds to; `components` are switched on as an overlay of one's own would. */
export function build(folder: string, components: readonly string[] = []): Manifest[] {
  const copy = mkdtempSync(join(tmpdir(), 'metaapo-k8s-'));
  try {
    cpSync(K8S, copy, { recursive: true });
    const file = join(copy, folder, 'kustomization.yaml');
    const up = folder.split('/').map(() => '..');
    const lines = components.map((name) => `  - ${[...up, 'components', name].join('/')}\n`);
    const switches = lines.length > 0 ? `components:\n${lines.join('')}` : '';
    writeFileSync(file, `${readFileSync(file, 'utf8')}${switches}`);
    const [command, verb] = BUILDER ?? ['kubectl', 'kustomize'];
    const result = spawnSync(command, [verb, join(copy, folder)], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`${command} ${verb} ${folder} failed: ${result.stderr}`);
    return parseManifests(result.stdout);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Variable → default (absent when it has none) of the table in an app's README, which its own test keeps true. */
export function documentedVariables(app: App): Map<string, string | undefined> {
  const text = readFileSync(join(REPOSITORY, 'apps', app, 'README.md'), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| `[A-Z_]+` +\|/.test(line));
  // A pipe inside a cell is escaped.
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')));
  const NONE = ['required', 'absent'];
  return new Map(
    cells.map(([, name = '', , , standard = '']) => [name, NONE.includes(standard) ? undefined : standard]),
  );
}

function findRepository(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
}
