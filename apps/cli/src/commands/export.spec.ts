import { after, before, describe, it } from 'node:test';
import { equal, match, ok } from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { digestOf, installationRoot, present } from '#core';
import { adapterDigest, initialLora, resolveLora, shapesOf, writePeftFolder, type Adapter } from '#ml/adapters';
import { openCheckpoint } from '#ml/checkpoint';
import { EngineCore } from '#ml/engine';
import { encodePolicyRecord, loraRules, parseRunConfig } from '#run-config';
import { writeTensors } from '#ml/tensor';
import { runCli } from '../cli.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

const MODEL = join(installationRoot(), 'configs/demo/model');
const CONFIG = `
name: Export spec
model: { path: model, lora: { rank: 4, target_modules: all-linear, rank_pattern: { down_proj: 2 } } }
data: { train: rows.jsonl }
reward: vader
`;
const IDS = [[2045, 12, 500, 7, 1999, 3]];

async function metaapo(...args: readonly string[]): Promise<{ code: number; terminal: ScriptedTerminal }> {
  const terminal = new ScriptedTerminal();
  return { code: await runCli(args, { terminal, interrupts: new Interrupts() }), terminal };
}

async function logitsOf(model: string, adapter?: Adapter): Promise<Float32Array> {
  const core = await EngineCore.open({ modelDir: model });
  try {
    if (adapter) await core.putAdapter(adapterDigest(adapter), adapter);
    return present((await core.logits(IDS, adapter ? adapterDigest(adapter) : null))[0], 'logits');
  } finally {
    await core.dispose();
  }
}

describe('export', () => {
  let [dir, run, baseDigest] = ['', '', ''];
  let adapter: Adapter;
  let expected: Float32Array;
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'metaapo-export-'));
    run = join(dir, 'run');
    mkdirSync(join(run, 'artifacts'), { recursive: true });
    const base = await openCheckpoint(MODEL);
    baseDigest = base.digest;
    const { config, resolvedYaml } = parseRunConfig(CONFIG);
    const shapes = shapesOf(base.tensors);
    adapter = initialLora({ spec: resolveLora(loraRules(config), shapes, { where: 'spec' }), base: shapes, seed: 1 });
    for (const { data } of adapter.tensors.values()) data.forEach((x, i) => (data[i] = x + 0.05 * Math.cos(i)));
    const file = join(dir, 'tensors');
    await writeTensors(file, adapter.tensors);
    const artifact = digestOf(readFileSync(file));
    renameSync(file, join(run, 'artifacts', artifact.replace(':', '-')));
    writeFileSync(join(run, 'config.yaml'), resolvedYaml);
    const record = {
      base_directory: relative(run, join(MODEL, '..')),
      base_digest: baseDigest,
      adapter_digest: adapterDigest(adapter),
      artifact,
    };
    writeFileSync(join(run, 'policy.json'), encodePolicyRecord(record));
    expected = await logitsOf(MODEL, adapter);
  });
  after(() => rmSync(dir, { recursive: true }));

  for (const [format, type, relativeError] of [
    ['safetensors', 'f32', 1e-5],
    ['safetensors', 'bf16', 0.03],
    ['gguf', 'f32', 1e-5],
    ['gguf', 'f16', 1e-3],
    ['gguf', 'q8_0', 0.03],
  ] as const) {
    it(`of a run that is not finished computes the same as ${format} in ${type}`, async () => {
      const out = join(dir, `${format}-${type}`);
      const { code, terminal } = await metaapo('export', run, '--format', format, '--type', type, '--out', out);
      equal(code, 0, terminal.stderr);
      equal(terminal.stdout, `${out}\n`);
      const logits = await logitsOf(out);
      const scale = expected.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
      const worst = expected.reduce((largest, x, i) => Math.max(largest, Math.abs(x - logits[i]!)), 0);
      ok(worst <= relativeError * scale, `${worst} of ${scale}`);
    });
  }

  it('as an adapter reads back as it was, and of a finished run takes its adapter', async () => {
    const { code, terminal } = await metaapo('export', run, '--format', 'peft');
    equal(code, 0, terminal.stderr);
    const out = join(run, 'export', 'peft');
    const config = JSON.parse(readFileSync(join(out, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
    ok(!String(config['base_model_name_or_path']).startsWith('/'));
    const finished = join(dir, 'finished');
    mkdirSync(finished);
    writeFileSync(join(finished, 'config.yaml'), readFileSync(join(run, 'config.yaml')));
    await writePeftFolder(join(finished, 'adapter'), adapter, { baseModel: 'model', baseDigest });
    const again = await metaapo('export', finished, '--format', 'peft', '--model', MODEL);
    equal(again.code, 0, again.terminal.stderr);
    const weights = (folder: string) => readFileSync(join(folder, 'adapter_model.safetensors'));
    ok(weights(out).equals(weights(join(finished, 'export', 'peft'))));
  });

  it('replaces nothing without --force', async () => {
    const out = join(dir, 'once');
    const args = ['export', run, '--format', 'peft', '--out', out];
    equal((await metaapo(...args)).code, 0);
    const { code, terminal } = await metaapo(...args);
    equal(code, 1);
    match(terminal.stderr, /EXPORT_EXISTS/);
    equal((await metaapo(...args, '--force')).code, 0);
    ok(!existsSync(`${out}.exporting`) && !existsSync(`${out}.replaced`));
  });

  it('refuses another base, a type that the form lacks, and what is no run', async () => {
    const other = join(dir, 'gguf-q8_0');
    ok(existsSync(other), 'made above');
    for (const [args, code, message] of [
      [[run, '--format', 'gguf', '--model', other], 1, /ADAPTER_BASE_MISMATCH/],
      [[run, '--format', 'safetensors', '--type', 'q8_0'], 2, /--type f32, f16, bf16/],
      [[dir, '--format', 'peft'], 2, /directory of a run/],
      [[run, '--format', 'onnx'], 2, /choices/],
      [[run, '--format', 'peft', '--model', join(dir, 'nowhere')], 1, /nowhere/],
    ] as const) {
      const result = await metaapo('export', ...args);
      equal(result.code, code, result.terminal.stderr);
      match(result.terminal.stderr, message);
    }
  });
});
