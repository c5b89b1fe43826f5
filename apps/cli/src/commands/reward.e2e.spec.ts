/** Goal: a swap as a person does it, on real services; and what he is told when something is wrong. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import { runCli } from '../cli.js';
import { ChildService, type ServiceAddresses } from '../services/child-service.js';
import { Interrupts } from '../terminal/interrupts.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';

const READY_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const MODELS = JSON.stringify({ tone: { backend: 'length', unit: 'characters' } });
const LIMITS = JSON.stringify({ pair_flip_max: 0.25 });

interface Typed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function typed(...args: readonly string[]): Promise<Typed> {
  const terminal = new ScriptedTerminal();
  const code = await runCli(['reward', ...args], { terminal, interrupts: new Interrupts() });
  return { code, out: terminal.stdout, err: terminal.stderr };
}

describe('reward models on the command line', () => {
  const services: ChildService[] = [];
  let first: ServiceAddresses;
  let second: ServiceAddresses;
  before(async () => {
    const environment = {
      REWARD_ADDRESS: '127.0.0.1:0',
      REWARD_ADMIN_ADDRESS: '127.0.0.1:0',
      REWARD_MODELS: MODELS,
      REWARD_SWAP_LIMITS: LIMITS,
    };
    for (let replica = 0; replica < 2; replica += 1) services.push(ChildService.spawn({ app: 'reward', environment }));
    [first, second] = (await Promise.all(services.map((service) => service.ready(READY_TIMEOUT_MS)))) as [
      ServiceAddresses,
      ServiceAddresses,
    ];
  });
  after(() => Promise.all(services.map((service) => service.stop(STOP_GRACE_MS))));

  const admin = (): readonly string[] => ['--admin', first.adminAddress];
  const both = (): readonly string[] => ['--admin', `${first.adminAddress},${second.adminAddress}`];

  it('are listed and tried out', async () => {
    const listed = await typed('list', '--reward', first.address);
    match(listed.out, /^name +backend +digest +range +epoch\ntone +length +sha256:[0-9a-f]{12} .*1\n$/);
    match(listed.err, /forgets epochs and swaps when it restarts/);
    const scored = await typed(
      'score',
      'tone',
      '--reward',
      first.address,
      '--prompt',
      'How was it?',
      '--response',
      'Lovely.',
      '--response',
      'Bad.',
    );
    match(scored.out, /^7\.0000 +Lovely\. .*\n4\.0000 +Bad\. .*\nby tone: epoch 1, length sha256:[0-9a-f]{12}\n$/);
    equal(scored.code, 0);
    const failed = await typed('score', 'tone', '--reward', first.address, '--prompt', 'p', '--response', '');
    equal(failed.code, 1);
    match(failed.out, /^no score .*RESPONSE_EMPTY/);
  });

  it('are swapped on all replicas alike: staged, shadowing, reported, promoted, rolled back, retired', async () => {
    const staged = await typed(
      'stage',
      'tone',
      '{"backend":"length","unit":"words"}',
      '--reason',
      'a trial',
      ...both(),
    );
    match(
      staged.out,
      /^tone: staged length sha256:[0-9a-f]{12}; the model in service goes on\n( {2}127.+: done\n){2}$/,
    );
    equal((await typed('shadow', 'tone', '--fraction', '1', '--reason', 'a look', ...both())).code, 0);
    for (const { address } of [first, second]) {
      const responses = ['a b c', 'a bcd e f', 'abc def g h i'].flatMap((text) => ['--response', text]);
      await typed('score', 'tone', '--reward', address, '--prompt', 'p', ...responses);
    }
    const report = await shadowed();
    match(report.out, /^pairs of responses that turn round +0\.0 % .* at most 25\.0 %$/m);
    const promoted = await typed('promote', 'tone', '--requester', 'ann', ...both());
    match(
      promoted.out,
      /^tone: epoch 2 in service, length sha256:\S+; before: epoch 1, length sha256:\S+, kept warm\n/,
    );
    equal((await typed('rollback', 'tone', '--reason', 'too\nlong\u001b', ...both(), '--json')).code, 0);
    equal((await typed('retire', 'tone', '--epoch', '2', ...both())).code, 0);
    const shown = await typed('show', 'tone', ...admin());
    match(shown.out, /^in service +length +\S+ .* 3 /m);
    match(shown.out, /shadow started +\S+ +by .*: a share of 1: a look$/m);
    match(shown.out, /promoted +epoch 2 +\S+ +by ann$/m);
    match(shown.out, /rolled back +epoch 3 +\S+ +by .*: too long$/m);
    const json = JSON.parse((await typed('show', 'tone', ...admin(), '--json')).out) as Record<string, unknown>;
    deepEqual(json['swap_limits'], { pair_flip_max: 0.25 });
  });

  /** The shadow works after the answers are given: asked until what it saw is there. */
  async function shadowed(): Promise<Typed> {
    for (;;) {
      const report = await typed('report', 'tone', ...both());
      if (!report.err.includes('SWAP_REPORT_EMPTY')) return report;
    }
  }

  it('are changed once by a request that is repeated, so that what was left half-way can be finished', async () => {
    await typed('stage', 'tone', '{"backend":"length","unit":"words","target":3}', ...both());
    const request = ['promote', 'tone', '--expected-epoch', '3', '--force', '--reason', 'r', '--request-id', 'swap-1'];
    // As if the second had been lost on the way.
    equal((await typed(...request, ...admin())).code, 0);
    match((await typed('promote', 'tone', ...both())).err, /REWARD_REPLICAS_DIFFER/);
    const finished = await typed(...request, ...both());
    match(finished.out, /^tone: epoch 4 in service, length sha256:\S+\n( {2}127.+: done\n){2}$/);
    equal(finished.code, 0);
    match((await typed('show', 'tone', ...both())).out, /promoted by force +epoch 4 [^]+promoted by force +epoch 4 /);
  });

  it('are not promoted against the limits unless by force and with a reason', async () => {
    await typed('stage', 'tone', '{"backend":"length","unit":"characters","target":0}', ...admin());
    const unasked = await typed('promote', 'tone', ...admin());
    equal(unasked.code, 1);
    match(unasked.err, /SWAP_REPORT_MISSING/);
    match((await typed('promote', 'tone', '--force', ...admin())).err, /--force needs --reason TEXT/);
    const forced = await typed('promote', 'tone', '--force', '--reason', 'shorter is better', ...admin());
    equal(forced.code, 0);
    match((await typed('show', 'tone', ...admin())).out, /promoted by force +epoch 5 +\S+ +by .*: shorter is better$/m);
  });

  it('are not changed where replicas differ, and it is said which is where', async () => {
    const { code, err } = await typed('rollback', 'tone', ...both());
    equal(code, 1);
    match(
      err,
      /REWARD_REPLICAS_DIFFER: [^]+: epoch 5 is sha256:\S+, in service[^]+: epoch 4 is [^]+Nothing was changed/,
    );
  });

  it('are refused by name: an unknown one, the wrong port, nobody there, a wrong epoch, a broken spec', async () => {
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['show', 'absent', ...admin()], 1, /REWARD_MODEL_UNKNOWN: 127.+absent/],
      [['show', 'tone', '--admin', first.address], 2, /does not serve .+RewardAdminService: it may be the main port/],
      [['list', '--reward', first.adminAddress], 2, /does not serve .+RewardService: it may be the admin port/],
      [['show', 'tone', '--admin', '127.0.0.1:1'], 1, /REWARD_UNREACHABLE: .+127\.0\.0\.1:1: .+--admin/],
      [['promote', 'tone', '--expected-epoch', '99', ...admin()], 1, /REWARD_EPOCH_MISMATCH/],
      [['rollback', 'tone', '--expected-epoch', '99', ...admin()], 1, /REWARD_EPOCH_MISMATCH/],
      [['rollback', 'tone', '--request-id', 'x', ...admin()], 2, /give the --expected-epoch/],
      [['retire', 'tone', ...admin()], 2, /either --staged or --epoch N/],
      [['stage', 'tone', '{"backend":"nonsense"}', ...admin()], 1, /REQUEST_INVALID/],
      [['stage', 'tone', 'vader', ...admin()], 2, /Expected a JSON object/],
      [['stage', 'tone', '{"backend":"lm-classifier","path":"/absent"}', ...admin()], 1, /REWARD_MODEL_BROKEN/],
      [['report', 'tone', ...admin()], 1, /REWARD_MODEL_NOT_STAGED/],
      [['report', 'tone', '--run', 'absent', ...admin()], 2, /no run is there/],
      [['report', 'tone', '--ignore-shadow', ...admin()], 2, /give --run RUN_DIR/],
      [['shadow', 'tone', '--fraction', '2', ...admin()], 2, /number from 0 to 1/],
      [['list', '--reward', 'nowhere'], 2, /Expected host:port or dns:\/\/\/name:port/],
    ];
    for (const [args, code, message] of cases) {
      const { code: found, err } = await typed(...args);
      match(err, message, args.join(' '));
      equal(found, code, args.join(' '));
    }
  });

  it('are left alone by a person who does not want to wait', async () => {
    const interrupts = new Interrupts();
    interrupts.interrupt();
    const terminal = new ScriptedTerminal();
    const code = await runCli(['reward', 'show', 'tone', ...admin()], { terminal, interrupts });
    deepEqual([code, terminal.stderr], [130, `Stopped waiting for ${first.adminAddress}.\n`]);
  });
});
