/** Goal: the numbers that leave by `score` and `generate` are those of the reference model. Method: golden cases. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedFolder, skipWithout } from '../../../../test/support/shared-folder.js';
import { runCli } from '../cli.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

interface ForwardCase {
  readonly tolerance: { readonly sum_logps: { readonly abs: number } };
  readonly records: readonly (Readonly<Record<'id' | 'chosen' | 'rejected', string>> & {
    readonly messages: unknown;
  })[];
  readonly batches: {
    readonly right: { readonly sum_logps: readonly number[]; readonly completion_lengths: readonly number[] };
  };
}

interface GenerateCase {
  readonly eos_token_id: number;
  readonly max_new_tokens: number;
  readonly runs: readonly { readonly messages: unknown; readonly new_ids: readonly number[]; readonly text: string }[];
}

interface ScoredRow {
  readonly id: unknown;
  readonly responses: readonly {
    readonly log_prob_sum: number;
    readonly token_count: number;
    readonly token_log_probs: readonly number[];
  }[];
  readonly error?: { readonly code: string };
}

interface GeneratedRow {
  readonly samples: readonly {
    readonly text: string;
    readonly token_ids: readonly number[];
    readonly finish_reason: string;
  }[];
}

const golden = sharedFolder('golden');
const MODEL = join(golden, 'models', 'llama-tied');
const caseOf = <T>(name: string): T => JSON.parse(readFileSync(join(golden, 'cases', name, 'case.json'), 'utf8')) as T;

describe('score and generate', { skip: skipWithout('golden') }, () => {
  let folder = '';
  before(() => (folder = mkdtempSync(join(tmpdir(), 'metaapo-rows-e2e-'))));
  after(() => rmSync(folder, { recursive: true }));

  async function process<Row>(
    rows: readonly unknown[],
    command: string,
    ...options: string[]
  ): Promise<[Row[], number, string]> {
    const [input, output] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')];
    writeFileSync(input, rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
    const terminal = new ScriptedTerminal();
    const args = [command, '--model', MODEL, '--input', input, '--output', output, ...options];
    const code = await runCli(args, { terminal, interrupts: new Interrupts() });
    const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
    return [lines.map((line) => JSON.parse(line) as Row), code, terminal.stderr];
  }

  it('score as the reference does, token by token, and keep a bad row to itself', async () => {
    const { records, batches, tolerance } = caseOf<ForwardCase>('forward-llama-tied');
    const rows = records.map(({ id, messages, chosen, rejected }) => ({
      id,
      prompt: messages,
      responses: [chosen, rejected],
    }));
    const [scored, code, err] = await process<ScoredRow>(
      [rows[0], '{bad', ...rows.slice(1)],
      'score',
      '--token-log-probs',
    );
    equal(code, 1);
    match(err, /ROWS_FAILED: 1 of \d+ rows failed/);
    equal(scored[1]?.error?.code, 'ROW_INVALID');
    const first = scored[0]!.responses[0]!;
    ok(
      Math.abs(first.log_prob_sum - batches.right.sum_logps[0]!) <= tolerance.sum_logps.abs,
      String(first.log_prob_sum),
    );
    equal(first.token_count, batches.right.completion_lengths[0]);
    equal(first.token_log_probs.length, first.token_count);
    const sum = first.token_log_probs.reduce((total, logProb) => total + logProb, 0);
    ok(Math.abs(sum - first.log_prob_sum) < 1e-4);
    deepEqual(
      [scored[0]!.id, scored[2]!.id],
      records.slice(0, 2).map(({ id }) => id),
    );
  });

  it('generate the reference’s greedy tokens at temperature 0', async () => {
    const { runs, eos_token_id: end, max_new_tokens: tokens } = caseOf<GenerateCase>('generate-llama-tied');
    const rows = runs.map(({ messages }, id) => ({ id, prompt: messages }));
    const greedy = ['--samples', '1', '--max-new-tokens', String(tokens), '--temperature', '0'];
    const [generated, code, err] = await process<GeneratedRow>(rows, 'generate', ...greedy);
    equal(code, 0, err);
    for (const [i, { new_ids: expected }] of runs.entries()) {
      const sample = generated[i]!.samples[0]!;
      const stopped = expected.at(-1) === end;
      deepEqual(sample.token_ids, stopped ? expected.slice(0, -1) : expected);
      equal(sample.finish_reason, stopped ? 'stop_token' : 'length');
    }
  });

  it('sample by seed and row, whatever else the file holds, with an adapter sent over the wire', async () => {
    const adapter = join(golden, 'adapters', 'llama-tied-lora');
    const rows = ['a', 'b', 'c'].map((id) => ({ id, prompt: 'The river' }));
    const options = [
      '--adapter',
      adapter,
      '--samples',
      '2',
      '--max-new-tokens',
      '5',
      '--temperature',
      '1',
      '--seed',
      '3',
    ];
    const [all] = await process<GeneratedRow>(rows, 'generate', ...options);
    const [again] = await process<GeneratedRow>(rows, 'generate', ...options);
    deepEqual(again, all);
    const texts = new Set(all.flatMap(({ samples }) => samples.map(({ text }) => text)));
    ok(texts.size > 3, [...texts].join(' | '));
  });
});
