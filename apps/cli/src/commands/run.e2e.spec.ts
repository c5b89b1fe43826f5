/**
 * Goal: a run over real services ends as its exit code says, can be stopped and gone on with, and leaves no process
 * behind. Method: the tiny project of the integration tests, through the command line; signals are given when an event
 * comes, so that nothing waits for time to pass.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { skipWithout } from '../../../../test/support/shared-folder.js';
import { TinyProject } from '../../../../test/support/tiny-run.js';
import { runCli } from '../cli.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

interface Addresses {
  readonly policy: string;
  readonly policy_admin: string;
  readonly reward: string;
  readonly meta_learner: string;
  readonly trainer: string;
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('metaapo run', { skip: skipWithout('golden') }, () => {
  const project = new TinyProject();
  const config = join(project.folder, 'tiny.yaml');
  const directory = (name: string): string => join(project.folder, name);
  const up = { interrupts: new Interrupts(), ended: Promise.resolve(0) };
  let addresses: Addresses;

  /** Runs a command line; `stopAt` gives the signal when that text comes by, `onOut` is told of all text. */
  async function metaapo(
    args: readonly string[],
    stopAt?: { readonly text: string; readonly times: number },
    onText: (text: string) => void = () => {},
  ): Promise<Ended> {
    const interrupts = new Interrupts();
    const onOut = (text: string): void => {
      onText(text);
      if (stopAt === undefined || interrupts.stop.aborted || !text.includes(stopAt.text)) return;
      for (let i = 0; i < stopAt.times; i++) interrupts.interrupt();
    };
    const terminal = new ScriptedTerminal({ onOut });
    const code = await runCli(args, { terminal, interrupts });
    return { code, out: terminal.stdout, err: terminal.stderr };
  }

  const run = (name: string, ...options: string[]): string[] => [
    'run',
    config,
    '--run-dir',
    directory(name),
    ...options,
  ];

  before(async () => {
    writeFileSync(config, `${project.config}\nrewards: ${JSON.stringify(project.rewardModels)}\n`);
    addresses = await new Promise<Addresses>((resolve, reject) => {
      const terminal = new ScriptedTerminal({ onOut: (text) => resolve(JSON.parse(text) as Addresses) });
      up.ended = runCli(['up', config], { terminal, interrupts: up.interrupts });
      up.ended.then(() => reject(new TypeError(`up ended early: ${terminal.stderr}`)), reject);
    });
  });

  after(() => up.interrupts.interrupt());

  it('uses a trainer that is there, prints a table and the path of the report', async () => {
    const { code, out, err } = await metaapo(run('named', '--trainer', addresses.trainer));
    equal(code, 0, err);
    match(out, /^ {2}iteration 2\/2 {2}generate/m);
    match(out, /^mean score +counting +vader/m);
    match(out, /^annotations: \d+ of 36 /m);
    match(out, /report: .*named[\\/]report\.html\n$/);
    ok(existsSync(join(directory('named'), 'report.html')));
  });

  it('leaves a finished run as it is, and says so, with a trainer and without any service', async () => {
    const files = (): string[] => readdirSync(directory('named')).toSorted();
    const before = files();
    const alone = await metaapo(run('named'));
    equal(alone.code, 0, alone.err);
    match(alone.out, /^tiny-\w+ finished at 20.+Z, \d+ annotations paid: nothing to do$/m);
    match(alone.out, /^result: .*named[\\/]adapter$/m);
    match(alone.out, /report: .*named[\\/]report\.html\n$/);
    equal(alone.out.includes('services'), false, 'nothing is started');
    const asked = await metaapo(run('named', '--trainer', addresses.trainer));
    equal(asked.code, 0, asked.err);
    match(asked.out, /^tiny-\w+ had finished before: nothing to do$/m);
    equal(asked.out.includes('iteration 1/2'), false, 'no phase runs again');
    deepEqual(files(), before);
  });

  it('leaves what a check finds as it was written', async () => {
    const { code, out, err } = await metaapo(['fsck', directory('named'), '--json']);
    equal(code, 0, err + out);
    const { findings, checked } = JSON.parse(out) as { findings: unknown[]; checked: Record<string, number> };
    deepEqual(findings, []);
    for (const [what, count] of Object.entries(checked)) ok(count > 0, what);
  });

  it('draws the report again', async () => {
    const path = join(directory('named'), 'report.html');
    const before = readFileSync(path, 'utf8');
    const { code, out } = await metaapo(['report', directory('named')]);
    deepEqual([code, out], [0, `${path}\n`]);
    equal(readFileSync(path, 'utf8'), before);
  });

  it('stops at the first signal with 130 and how to go on, and goes on to the same result', async () => {
    const args = run('stopped', '--trainer', addresses.trainer, '--json');
    const stopped = await metaapo(args, { text: '"phase":"gate"', times: 1 });
    equal(stopped.code, 130);
    match(
      stopped.err,
      /^Stopped; nothing that was finished is lost, \d+ annotations? included\.\nGo on with: metaapo run .*tiny\.yaml --run-dir /,
    );
    match(stopped.out, /"event":"run_ended".*"state":"cancelled"/);
    const finished = await metaapo(args);
    equal(finished.code, 0, finished.err);
    const result = JSON.parse(finished.out.trimEnd().split('\n').at(-1)!) as { event: string; report: string };
    deepEqual([result.event, result.report], ['result', join(directory('stopped'), 'report.html')]);
    deepEqual(project.outputs('stopped').adapter, project.outputs('named').adapter);
    deepEqual(project.outputs('stopped').ledger, project.outputs('named').ledger);
  });

  it('names the holder to a second run of the directory, lists the run, and lets others watch it to its end', async () => {
    const path = directory('held');
    const others: Promise<Ended>[] = [];
    const onText = (text: string): void => {
      if (others.length > 0 || !text.includes('"phase":"warm-up"')) return;
      others.push(metaapo(run('held')), metaapo(['runs', path, '--json']), metaapo(['watch', path]));
      others.push(metaapo(['watch', addresses.trainer]), metaapo(['runs', '--trainer', addresses.trainer]));
    };
    const held = await metaapo(run('held', '--trainer', addresses.trainer, '--json'), undefined, onText);
    equal(held.code, 0, held.err);
    const [second, listed, watched, followed, known] = await Promise.all(others);
    equal(second?.code, 1);
    match(second?.err ?? '', /RUN_DIRECTORY_BUSY: .+ process \d+ on .+ since 20.+Z, serving at 127\.0\.0\.1:\d+\./);
    const { state, holder } = JSON.parse(listed?.out ?? '') as { state: string; holder: string };
    deepEqual([state, /^\d+@./.test(holder)], ['running', true]);
    equal(watched?.code, 0, watched?.err);
    match(
      watched?.out ?? '',
      /^ {2}iteration 2\/2 {2}generate[\s\S]+ succeeded, \d+ annotations paid\n[\s\S]+report: /m,
    );
    deepEqual([followed?.code, /^ {2}iteration 2\/2 {2}generate/m.test(followed?.out ?? '')], [0, true]);
    match(known?.out ?? '', /^tiny-\w+ +tiny +running +.+held +127\.0\.0\.1:\d+ /m);
    deepEqual(project.outputs('held').adapter, project.outputs('named').adapter);
  });

  it('stops watching at a signal, and the run goes on', async () => {
    const watching: Promise<Ended>[] = [];
    const onText = (text: string): void => {
      if (watching.length > 0 || !text.includes('"phase":"warm-up"')) return;
      watching.push(metaapo(['watch', directory('watched')], { text: 'warm-up', times: 1 }));
    };
    const { code, err } = await metaapo(run('watched', '--trainer', addresses.trainer, '--json'), undefined, onText);
    equal(code, 0, err);
    const [watched] = await Promise.all(watching);
    deepEqual([watched?.code, watched?.err], [130, 'No longer watching; the run goes on.\n']);
  });

  it('tells a run that has ended to whoever watches it, and lists what a folder holds', async () => {
    const { code, err } = await metaapo(['watch', directory('stopped')]);
    equal(code, 0, err);
    const listed = await metaapo(['runs', project.folder]);
    match(listed.out, /^run +name +state +directory +holder +iteration +annotations +cost +age\n/);
    match(listed.out, /^tiny-\w+ +tiny +succeeded +.+stopped +2\/2 /m);
  });

  it('starts services of its own around those that are named, and gives the same bytes', async () => {
    const { policy, policy_admin: admin } = addresses;
    const { code, err } = await metaapo(run('own', '--policy', policy, '--policy-admin', admin));
    equal(code, 0, err);
    deepEqual(project.outputs('own').adapter, project.outputs('named').adapter);
  });

  it('tells every problem of a configuration at once, with exit code 2', async () => {
    const { code, err } = await metaapo(run('wrong', '--set', 'seed=-1', '--set', 'sampling.top_p=2'));
    equal(code, 2);
    match(err, /CONFIG_INVALID: Configuration has 2 problems:[\s\S]*sampling\.top_p[\s\S]*seed/);
  });

  it('names the service that cannot start, with its last words', async () => {
    const { code, err } = await metaapo(run('no-model', '--set', 'model.path=absent'));
    equal(code, 1);
    match(err, /SERVICE_DIED: The policy service ended by itself \(exit code 1\); its last lines:\n[\s\S]*absent/);
  });

  it('passes on why the trainer refuses a run', async () => {
    const { code, err } = await metaapo(run('named', '--trainer', addresses.trainer, '--set', 'seed=6'));
    equal(code, 1);
    match(err, /RUN_CONFIG_CHANGED/);
    const here = await metaapo(run('named', '--set', 'seed=6'));
    equal(here.code, 1);
    match(here.err, /RUN_CONFIG_CHANGED: .+another configuration: seed: 5 → 6\./);
  });

  it('stops before the services are up, too', async () => {
    const { code, err } = await metaapo(run('early'), { text: 'starting the services', times: 1 });
    equal(code, 130);
    match(err, /Stopped before the run began/);
  });

  it('ends `up` with 0 at the first signal', async () => {
    up.interrupts.interrupt();
    equal(await up.ended, 0);
  });
});
