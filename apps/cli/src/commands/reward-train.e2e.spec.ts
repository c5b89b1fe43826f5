/**
 * Goal: a training ends as its exit code says, and wherever it is stopped or killed, the same command goes on to the same
 * bytes. Signals are given when an event comes, so that nothing waits for time to pass.
 */
import { after, before, describe, it } from 'node:test';
import { equal, match, ok } from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pairRows, writeRows, writeTinyBase } from '#ml/reward-training';
import { lockDirectory } from '#run-directory';
import { runCli } from '../cli.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface TrainingEvent {
  readonly event: string;
  readonly phase?: string;
  readonly done?: number;
}

/** What is done when an event comes. */
type OnEvent = (event: TrainingEvent, interrupts: Interrupts) => void;

describe('metaapo reward train', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reward-train-cli-'));
  const config = join(folder, 'reward.yaml');
  const directory = (name: string): string => join(folder, name);
  let digest = '';

  async function train(name: string, options: readonly string[] = [], onEvent: OnEvent = () => {}): Promise<Ended> {
    const interrupts = new Interrupts();
    const onOut = (text: string): void => {
      for (const line of text.split('\n').filter((part) => part.startsWith('{'))) {
        onEvent(JSON.parse(line) as TrainingEvent, interrupts);
      }
    };
    const terminal = new ScriptedTerminal({ onOut });
    const args = ['reward', 'train', config, '--run-dir', directory(name), ...options];
    const code = await runCli(args, { terminal, interrupts });
    return { code, out: terminal.stdout, err: terminal.stderr };
  }

  const atStep =
    (step: number, act: (interrupts: Interrupts) => void): OnEvent =>
    ({ phase, done }, interrupts) => {
      if (phase === 'train' && done === step) act(interrupts);
    };
  const digestIn = ({ out }: Ended): string => {
    const result = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, string>;
    return result['model_digest'] ?? '';
  };
  const holderPid = (name: string): number => {
    return (JSON.parse(readFileSync(join(directory(name), 'holder.json'), 'utf8')) as { pid: number }).pid;
  };

  before(async () => {
    await writeTinyBase(join(folder, 'model'));
    writeRows(folder, pairRows(40));
    const settings = {
      name: 'tiny',
      threads: 1,
      model: { path: 'model' },
      data: { train: 'pairs.jsonl' },
      training: { num_train_epochs: 4 },
      optimizer: { learning_rate: 0.02, batch_size: 4 },
      storage: { checkpoint_steps: 3 },
    };
    writeFileSync(config, JSON.stringify(settings)); // JSON is YAML
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('tells figures, and where model, adapter and report lie', async () => {
    const { code, out, err } = await train('whole');
    equal(code, 0, err);
    match(out, /^36 pairs to train on, 4 held out$/m);
    match(out, /^accuracy +\d+ % \(95 %: \d+ % to \d+ %\), before \d+ %/m);
    match(out, /^model: .*whole[\\/]model$/m);
    for (const file of ['model/model.safetensors', 'adapter/adapter_config.json', 'report.html', 'report.json']) {
      ok(existsSync(join(directory('whole'), file)), file);
    }
    equal(existsSync(join(directory('whole'), 'holder.json')), false);
  });

  it('leaves a finished training as it is, and says so', async () => {
    const again = await train('whole', ['--json']);
    equal(again.code, 0, again.err);
    match(again.out, /"was_finished":true/);
    equal(again.out.trim().split('\n').length, 1, 'nothing runs again');
    digest = digestIn(again);
    match(digest, /^sha256:/);
  });

  it('has its report drawn again', async () => {
    const page = join(directory('whole'), 'report.html');
    const before = readFileSync(page, 'utf8');
    rmSync(page);
    const terminal = new ScriptedTerminal();
    equal(await runCli(['report', directory('whole')], { terminal, interrupts: new Interrupts() }), 0);
    equal(terminal.stdout, `${page}\n`);
    equal(readFileSync(page, 'utf8'), before);
  });

  it('makes a report anew that has lost its figures', async () => {
    writeFileSync(join(directory('whole'), 'report.json'), '{"format":"metaapo.reward-training-report/1"}');
    const again = await train('whole', ['--json']);
    equal(again.code, 0, again.err);
    match(again.out, /"was_finished":false/);
    equal(digestIn(again), digest);
  });

  it('keeps what is done on Ctrl-C, and goes on to the same bytes', async () => {
    const stopped = await train(
      'stopped',
      ['--json'],
      atStep(2, (interrupts) => interrupts.interrupt()),
    );
    equal(stopped.code, 130, stopped.err);
    match(stopped.err, /Go on with: metaapo reward train .* --run-dir/);
    const resumed = await train('stopped', ['--json']);
    equal(resumed.code, 0, resumed.err);
    equal(digestIn(resumed), digest);
    equal(/"phase":"train","done":1,/.test(resumed.out), false, 'what was done is not done again');
  });

  it('goes on to the same bytes after kill -9, again and again', async () => {
    let killedCount = 0;
    for (const step of [1, 3, 8]) {
      const kill = atStep(step, () => process.kill(holderPid('killed'), 'SIGKILL'));
      const killed = await train('killed', ['--json'], kill);
      if (killed.code === 0) continue; // it was faster than the signal
      killedCount++;
      match(killed.err, /SERVICE_DIED: The training service ended by itself \(signal SIGKILL\)/);
    }
    ok(killedCount > 0);
    const resumed = await train('killed', ['--json']);
    equal(resumed.code, 0, resumed.err);
    equal(digestIn(resumed), digest);
  });

  it('refuses a directory that is in use, another configuration, and a folder of other things', async () => {
    const lock = await lockDirectory(directory('whole'), '2026-01-02T03:04:05.000Z');
    rmSync(join(directory('whole'), 'report.json'));
    const busy = await train('whole');
    lock?.release();
    equal(busy.code, 1);
    match(busy.err, /RUN_DIRECTORY_BUSY: .* in use by process \d+ on .* since 2026-01-02/);
    const other = await train('whole', ['--set', 'seed=2']);
    match(other.err, /RUN_CONFIG_CHANGED: .*seed: 1 → 2/);
    const things = await runCli(['reward', 'train', config, '--run-dir', join(folder, 'model')], {
      terminal: new ScriptedTerminal(),
      interrupts: new Interrupts(),
    });
    equal(things, 2);
  });

  it('ends with 2 for a configuration that cannot be used, and 1 for a model that cannot', async () => {
    const wrong = await train('wrong', ['--set', 'model.lora.rank=0']);
    equal(wrong.code, 2);
    match(wrong.err, /CONFIG_INVALID: [^]*model\.lora\.rank: expected an integer in \[1, 1024\], got 0/);
    const pad = await train('pad', ['--set', 'model.pad_token=<|none|>']);
    equal(pad.code, 1);
    match(pad.err, /PAD_TOKEN_UNKNOWN/);
    const template = join(folder, 'broken.jinja');
    writeFileSync(template, '{% for %}');
    const unparsed = await train('template', ['--set', `model.chat_template_path=${template}`]);
    equal(unparsed.code, 1);
    match(unparsed.err, /CHAT_TEMPLATE_UNREADABLE: model\.chat_template_path: .*broken\.jinja: .*cannot be parsed/);
    symlinkSync(join(folder, 'nowhere', 'at all'), directory('dangling'));
    const dangling = await train('dangling');
    equal(dangling.code, 2);
    match(dangling.err, /--run-dir: expected a path where a folder can be made, got .*dangling/);
    const none = await train('none', ['--resume']);
    equal(none.code, 2);
  });
});
