/**
 * @file The dependency ladder and the doorways: who may import what. ARCHITECTURE.md prints the same lists.
 *
 * Rooms are folders with one `index.ts`; each may import the rooms named beside it, by their import name only.
 */

/** Packages of libs/ml in reading order; each may import those before it. */
export const ML_PACKAGES = [
  'tensor',
  'gguf',
  'hub',
  'graph',
  'autodiff',
  'losses',
  'checkpoint',
  'nn',
  'models',
  'optim',
  'tokenizer',
  'data',
  'adapters',
  'export',
  'runtime',
  'generate',
  'engine',
  'reward-models',
  'reward-training',
] as const;

const PLATFORM_PACKAGES = ['config', 'telemetry', 'rpc', 'http', 'lifecycle'] as const;

/** Room → import names it may use, besides its own files. */
export function allowedImports(room: string): readonly string[] | 'anything' {
  const [top, second] = room.split('/');
  if (top === 'libs') {
    const [, library, name] = room.split('/');
    if (library === 'core') return [];
    if (library === 'contracts' || library === 'run-config' || library === 'run-directory' || library === 'report')
      return ['#core'];
    if (library === 'platform') return ['#core', '#contracts', ...before(PLATFORM_PACKAGES, name, '#platform/')];
    if (library === 'ml') return ['#core', ...before(ML_PACKAGES, name, '#ml/')];
  }
  if (top === 'apps' && second)
    return ['#core', '#contracts', '#ml/', '#platform/', '#run-config', '#run-directory', '#report'];
  return 'anything';
}

function before(list: readonly string[], name: string | undefined, prefix: string): string[] {
  const index = list.indexOf(name ?? '');
  return list.slice(0, index === -1 ? 0 : index).map((entry) => `${prefix}${entry}`);
}

/** The room a file lives in: `libs/core`, `libs/ml/graph`, `apps/policy`, or its top folder. */
export function roomOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'libs') return parts.slice(0, parts[1] === 'ml' || parts[1] === 'platform' ? 3 : 2).join('/');
  if (parts[0] === 'apps') return parts.slice(0, 2).join('/');
  return parts[0] ?? '';
}

/** Heavy dependencies and the only places that may open them. */
export const DOORWAYS: readonly { readonly dependency: RegExp; readonly open: RegExp }[] = [
  { dependency: /^onnxruntime-node/, open: /^libs\/ml\/runtime\// },
  { dependency: /^protobufjs/, open: /^(libs\/ml\/graph|libs\/platform\/rpc)\// },
  { dependency: /^@huggingface\/(tokenizers|jinja)/, open: /^libs\/ml\/tokenizer\// },
  { dependency: /^@huggingface\/hub/, open: /^libs\/ml\/hub\// },
  { dependency: /^hyparquet/, open: /^libs\/ml\/data\// },
  { dependency: /^@tensorflow\//, open: /^apps\/meta-learner\// },
  {
    dependency: /^node:sqlite$/,
    open: /^(apps\/trainer\/|apps\/reward\/src\/storage\/request-cache\.|libs\/run-directory\/src\/directory-lock\.)/,
  },
  { dependency: /^pg$/, open: /^apps\/trainer\/src\/domain\/storage\/sql\/postgres-/ },
  { dependency: /^@aws-sdk\//, open: /^apps\/trainer\/src\/domain\/storage\/s3-/ },
  { dependency: /^@grpc\/|^grpc-health-check$/, open: /^libs\/(platform\/rpc|contracts)\// },
  { dependency: /^@nestjs\//, open: /^(libs\/platform\/(rpc|lifecycle)|apps\/[^/]+)\// },
  {
    dependency: /^@opentelemetry\/(sdk|exporter|instrumentation|resources)/,
    open: /^libs\/platform\/telemetry\//,
  },
  { dependency: /^(@observablehq\/plot|linkedom)/, open: /^libs\/report\// },
  { dependency: /^commander$/, open: /^apps\/cli\// },
];
