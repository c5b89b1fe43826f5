import { afterEach, beforeEach, describe, it } from 'node:test';
import { createHash } from 'node:crypto';
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fetchModel, hubSettings, parseHubName, resolveModel, type HubSettings } from '#ml/hub';
import { LocalHub } from './local-hub.js';

const REPO = 'acme/tiny';
const big = (seed: number): Buffer =>
  Buffer.from(Array.from({ length: 300_000 }, () => (seed = (seed * 75 + 74) % 65_537) & 255));
const shardMap = { weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' } };
const FILES = {
  'README.md': 'not needed',
  'config.json': '{"model_type":"llama"}',
  'generation_config.json': '{}',
  'tokenizer.json': JSON.stringify({ vocab: 'x'.repeat(2000) }),
  'tokenizer_config.json': '{}',
  'chat_template.jinja': '{{ messages }}',
  'model.safetensors': big(1),
  'pytorch_model.bin': big(2),
  'onnx/model.onnx': big(3),
};
const { 'model.safetensors': _, ...WITHOUT_WEIGHTS } = FILES;
const SHARDED = {
  ...WITHOUT_WEIGHTS,
  'model.safetensors.index.json': JSON.stringify(shardMap),
  'model-00001-of-00002.safetensors': big(4),
  'model-00002-of-00002.safetensors': big(5),
};

let dir = '';
let hub: LocalHub | undefined;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'metaapo-hub-'))));
afterEach(async () => {
  await hub?.stop();
  hub = undefined;
  rmSync(dir, { recursive: true });
});

async function start(options: Partial<Parameters<typeof LocalHub.start>[0]> = {}): Promise<LocalHub> {
  return (hub = await LocalHub.start({ repo: REPO, files: FILES, ...options }));
}

const patience = { attemptsMax: 3, retryDelayMs: 1, silenceMsMax: 20_000 };

function fetchIt(text = REPO, settings: Partial<HubSettings> = {}, notices: string[] = []): Promise<string> {
  return fetchModel(parseHubName(text)!, {
    settings: { endpoint: hub!.endpoint, token: undefined, cacheDir: dir, offline: false, ...settings },
    onNotice: (text) => notices.push(text),
    patience,
  });
}

/** Resolves when a partial file of this size is on disk. */
async function arrived(bytes: number): Promise<void> {
  const blobs = join(dir, 'models--acme--tiny', 'blobs');
  const sizes = () => readdirSync(blobs).map((file) => (file.endsWith('.incomplete') ? sizeOf(join(blobs, file)) : 0));
  while (Math.max(0, ...sizes()) < bytes) await nextTurn();
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const requestsOf = (part: string): string[] => hub!.requests.filter((request) => request.includes(part));

describe('a model of the hub', () => {
  it('comes as a snapshot of what is needed, laid out as Python lays it out', async () => {
    const { commit, leakedTokens } = await start({ token: 'secret' });
    const path = await fetchIt(REPO, { token: 'secret' });
    equal(path, join(dir, 'models--acme--tiny', 'snapshots', commit));
    deepEqual(readdirSync(path).sort(), [
      'chat_template.jinja',
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    match(readlinkSync(join(path, 'model.safetensors')), /^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
    match(readlinkSync(join(path, 'config.json')), /^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
    ok(readFileSync(join(path, 'model.safetensors')).equals(FILES['model.safetensors']));
    equal(readFileSync(join(dir, 'models--acme--tiny', 'refs', 'main'), 'utf8'), commit);
    deepEqual(leakedTokens, [], 'the storage is another origin');
    deepEqual(readdirSync(join(dir, '.locks', 'models--acme--tiny')), []);
  });

  it('comes with the shards that its index names, through pages of a listing', async () => {
    await start({ files: SHARDED, pageSize: 2 });
    const path = await fetchIt();
    ok(readFileSync(join(path, 'model-00002-of-00002.safetensors')).equals(big(5)));
    ok(!readdirSync(path).includes('pytorch_model.bin'));
  });

  it('is fetched once: later only the branch is asked for, and a commit not even that', async () => {
    const { requests, commit } = await start();
    const path = await fetchIt();
    requests.length = 0;
    equal(await fetchIt(), path);
    equal(requestsOf('/resolve/').length, 0);
    requests.length = 0;
    equal(await fetchIt(`${REPO}@${commit}`), path);
    deepEqual(requests, []);
  });

  it('follows its branch, and shares what did not change', async () => {
    const local = await start();
    await fetchIt();
    local.requests.length = 0;
    local.push('f'.repeat(40), { ...FILES, 'config.json': '{"model_type":"qwen2"}' });
    const path = await fetchIt();
    equal(readFileSync(join(path, 'config.json'), 'utf8'), '{"model_type":"qwen2"}');
    equal(requestsOf('/resolve/').length, 1);
  });

  it('goes on after dropped connections where it was, and after errors that pass', async () => {
    const { mishaps } = await start({ files: { ...FILES, 'tokenizer.json': '{}' } });
    mishaps.statuses.push(503, 429);
    mishaps.dropsAfterBytes.push(900, 99_100, 50_000);
    mishaps.arrived = arrived;
    const path = await fetchIt();
    ok(readFileSync(join(path, 'model.safetensors')).equals(FILES['model.safetensors']));
    const ranges = requestsOf('bytes=').filter((request) => !request.includes('/resolve/'));
    deepEqual(
      ranges.map((request) => request.split(' ')[2]),
      ['bytes=900-', 'bytes=100000-', 'bytes=150000-'],
    );
  });

  it('goes on in another process where the last one ended', async () => {
    const local = await start({ files: { ...FILES, 'tokenizer.json': '{}' } });
    local.mishaps.dropsAfterBytes.push(120_000, 0, 0);
    local.mishaps.arrived = arrived;
    await rejects(fetchIt(), { code: 'HUB_UNREACHABLE', message: /model\.safetensors.*what was fetched is kept/ });
    local.requests.length = 0;
    await fetchIt();
    match(requestsOf('/resolve/').at(-1) ?? '', /model\.safetensors bytes=120000-$/);
  });

  it('begins anew where the server knows no ranges', async () => {
    const { mishaps } = await start();
    mishaps.dropsAfterBytes.push(1000, 150_000);
    mishaps.ignoresRanges = true;
    const path = await fetchIt();
    ok(readFileSync(join(path, 'model.safetensors')).equals(FILES['model.safetensors']));
  });

  it('is refused when its bytes are not those that the hub announced', async () => {
    const { mishaps } = await start();
    mishaps.altersFiles = true;
    await rejects(fetchIt(), { code: 'HUB_FILE_DAMAGED', message: /expected digest [0-9a-f]{64}, got/ });
    mishaps.altersFiles = false;
    await fetchIt();
  });

  it('is fetched once by several that want it at the same time', async () => {
    await start();
    const paths = await Promise.all([fetchIt(), fetchIt(), fetchIt()]);
    equal(new Set(paths).size, 1);
    equal(requestsOf('/resolve/').length, 5, 'six files, two of which are equal');
  });

  it('waits for no process that is gone', async () => {
    await start();
    const locks = join(dir, '.locks', 'models--acme--tiny');
    mkdirSync(locks, { recursive: true });
    const etag = createHash('sha256').update(FILES['model.safetensors']).digest('hex');
    const gone = { host: hostname(), pid: 2 ** 22 + 1 };
    writeFileSync(join(locks, `${etag}.metaapo.lock`), JSON.stringify(gone));
    await fetchIt();
  });

  it('tells how far it is', async () => {
    await start();
    const lines: string[] = [];
    const hubChoices = { hubCache: dir, hubEndpoint: `${hub!.endpoint}/`, hubOffline: false };
    const path = await resolveModel(REPO, { hub: hubChoices, say: (line) => lines.push(line) });
    ok(path.startsWith(dir));
    match(lines[0] ?? '', /^fetching acme\/tiny: \d+ % of 0\.3 MB$/);
    equal(lines.at(-1), 'fetching acme/tiny: 100 % of 0.3 MB');
  });
});

describe('without the network', () => {
  it('what is cached is used, and what is not is refused by name', async () => {
    await start();
    const offline = { offline: true };
    await rejects(fetchIt(REPO, offline), { code: 'HUB_NOT_CACHED', message: /HF_HUB_OFFLINE/ });
    const path = await fetchIt();
    const { requests } = hub!;
    requests.length = 0;
    equal(await fetchIt(REPO, offline), path);
    deepEqual(requests, []);
    rmSync(join(path, 'model.safetensors'));
    await rejects(fetchIt(REPO, offline), { code: 'HUB_NOT_CACHED', message: /model\.safetensors is not in/ });
  });

  it('a cached model serves while the hub is down, and that is said', async () => {
    await start();
    const path = await fetchIt();
    hub!.mishaps.statuses.push(...Array.from({ length: 3 }, () => 500));
    const notices: string[] = [];
    equal(await fetchIt(REPO, {}, notices), path);
    match(notices[0] ?? '', /using the cached commit, since .*status 500/);
    await hub!.stop();
    equal(await fetchIt(REPO, {}, notices), path);
    match(notices[1] ?? '', /ECONNREFUSED/);
    await rejects(fetchIt('acme/other'), { code: 'HUB_UNREACHABLE', message: /ECONNREFUSED.*repeat later/ });
  });
});

describe('refusals', () => {
  it('name what is unknown, private or gated, and what to do', async () => {
    await start({ token: 'secret' });
    const unknown = /acme\/nothing: .*check the name, or set HF_TOKEN/;
    await rejects(fetchIt('acme/nothing', {}), { code: 'HUB_ACCESS_DENIED', message: unknown });
    await rejects(fetchIt(REPO, { token: 'wrong' }), { code: 'HUB_ACCESS_DENIED', message: /with this token/ });
    await rejects(fetchIt(`${REPO}@v9`, { token: 'secret' }), {
      code: 'HUB_MODEL_UNKNOWN',
      message: /acme\/tiny@v9: .* no such model or revision/,
    });
  });

  it('point to the page where consent is given', async () => {
    const { endpoint } = await start({ token: 'secret', gated: true });
    const message = new RegExp(`accept at ${endpoint}/acme/tiny, then set HF_TOKEN`);
    await rejects(fetchIt(), { code: 'HUB_ACCESS_DENIED', message });
  });

  it('name what a repository offers instead', async () => {
    await start({ files: { 'config.json': '{}', 'pytorch_model.bin': big(1) } });
    await rejects(fetchIt(), { code: 'HUB_MODEL_UNUSABLE', message: /holds no config\.json with model\.safetensors/ });
    hub!.push('e'.repeat(40), { 'a.gguf': big(1), 'b.gguf': big(2) });
    await rejects(fetchIt(), { code: 'HUB_MODEL_UNUSABLE', message: /after a colon: a\.gguf, b\.gguf/ });
    const path = await fetchIt(`${REPO}:b.gguf`);
    ok(readFileSync(path).equals(big(2)));
  });

  it('stop an index that names what the repository lacks', async () => {
    await start({
      files: { ...SHARDED, 'model.safetensors.index.json': '{"weight_map":{"a":"../../x.safetensors"}}' },
    });
    await rejects(fetchIt(), { code: 'SAFETENSORS_INVALID' });
    hub!.push('d'.repeat(40), {
      ...WITHOUT_WEIGHTS,
      'model.safetensors.index.json': '{"weight_map":{"a":"x.safetensors"}}',
    });
    await rejects(fetchIt(), { code: 'HUB_MODEL_UNUSABLE', message: /names x\.safetensors, which it lacks/ });
  });

  it(
    'say that the cache cannot be written',
    { skip: process.getuid?.() === 0 && 'root may write anywhere' },
    async () => {
      await start();
      const closed = join(dir, 'closed');
      mkdirSync(closed, { mode: 0o500 });
      await rejects(fetchIt(REPO, { cacheDir: closed }), { code: 'HUB_CACHE_UNUSABLE', message: /set HF_HUB_CACHE/ });
    },
  );
});

describe('a name', () => {
  it('is an organisation and a model, with a revision and a file where wanted', () => {
    deepEqual(parseHubName('a/b'), { repo: 'a/b', revision: 'main' });
    deepEqual(parseHubName('a-1/B.c_2@refs/pr/1:q/x.gguf'), {
      repo: 'a-1/B.c_2',
      revision: 'refs/pr/1',
      file: 'q/x.gguf',
    });
    for (const text of [
      'a',
      './a',
      '../a',
      '/a/b',
      'a/b/c',
      'a/b@',
      'a/..',
      'a/b@../c',
      'a/b:../x.gguf',
      'a/b:x',
      'a--b/c',
    ]) {
      equal(parseHubName(text), undefined, text);
    }
  });

  it('yields to a path that exists, and to nothing else', async () => {
    mkdirSync(join(dir, 'models', 'base'), { recursive: true });
    const hubChoices = { hubCache: dir, hubEndpoint: 'http://127.0.0.1:9', hubOffline: true };
    const options = { hub: hubChoices, baseDirectory: dir };
    equal(await resolveModel('models/base', options), join(dir, 'models', 'base'));
    await rejects(resolveModel('models/none', options), { code: 'HUB_NOT_CACHED' });
    equal(await resolveModel('./models/none', options), join(dir, 'models', 'none'));
  });

  it('is looked for where Python looks, with its login', async () => {
    writeFileSync(join(dir, 'token'), 'hf_saved\n');
    const settings = await hubSettings({ hubHome: dir, hubEndpoint: 'https://huggingface.co', hubOffline: false });
    deepEqual(settings, {
      endpoint: 'https://huggingface.co',
      token: 'hf_saved',
      cacheDir: join(dir, 'hub'),
      offline: false,
    });
  });
});
