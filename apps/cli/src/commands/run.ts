/** @file `metaapo run`: aligns a model as a configuration says. */
import { Command } from 'commander';
import { existingRun, nearPath, type ExistingRun, type ResumeWish } from '../runs/existing-run.js';
import { planRun } from '../runs/run-plan.js';
import { tellFinished } from '../runs/tell-result.js';
import { checkEndpoints, withEndpointOptions, type Endpoints } from '../services/endpoints.js';
import { collected, example, type CommandContext } from './context.js';
import { wholeNumber } from './option-values.js';
import { UsageError } from '../cli.errors.js';
import { shellLine } from '../terminal/shell-words.js';

interface RunOptions extends Endpoints {
  readonly set?: readonly string[];
  readonly runDir?: string;
  /** Of --resume and --no-resume. */
  readonly resume?: boolean;
  readonly fresh?: boolean;
  readonly policyReplicas: number;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const REPLICA_COUNT_MAX = 64;

export function runCommand(context: CommandContext): Command {
  const command = new Command('run')
    .summary('align a model as a configuration says')
    .description(
      'Aligns a model as CONFIG says. Starts the four services on this machine and stops them at the end, unless ' +
        'their addresses are given. An unfinished run directory is gone on with: nothing is computed or paid for twice. ' +
        'A finished one is told what it came to. Ctrl-C stops after the units in flight, a second one at once.',
    )
    .argument('<CONFIG>', 'configuration of the run, YAML')
    .option('--set <key=value>', 'override one key, for instance algorithm.beta=0.2; may be repeated', collected)
    .option('--run-dir <DIR>', 'directory of the run (default: runs/NAME-DIGEST)')
    .option(
      '--resume',
      'go on with the run in the directory (the default where there is one); refuses where there is none',
    )
    .option('--fresh', 'begin a new run; refuses a directory that holds one, and never deletes')
    .option('--no-resume', 'the same as --fresh')
    .option(
      '--policy-replicas <COUNT>',
      'policy services to start when none is named',
      wholeNumber(1, REPLICA_COUNT_MAX),
      1,
    )
    .option('--json', 'print one JSON event per line')
    .option('--verbose', 'pass the services’ logs through to standard error');
  return withEndpointOptions(command)
    .addHelpText(
      'after',
      example(
        'metaapo run configs/demo/metaapo.yaml',
        'metaapo run my.yaml --set seed=2 --set algorithm.gate.kind=random --run-dir runs/random-2',
        'metaapo run my.yaml --policy 10.0.0.5:50051 --policy-admin 10.0.0.5:50052',
      ),
    )
    .action(async (configPath: string, options: RunOptions) => {
      checkEndpoints(options);
      const { set: overrides = [], runDir: runDirectory, json = false, verbose = false } = options;
      const plan = await planRun({ configPath, overrides, runDirectory });
      const existing = await existingOf(plan, options);
      const { terminal } = context;
      if (existing.kind === 'finished') return tellFinished(existing.seen, plan, { terminal, json });
      const resumeCommand = resumeCommandOf(configPath, nearPath(plan.runDirectory), options);
      const { policyReplicas: policyReplicaCount } = options;
      // Loaded only now: a run that is finished is told at once.
      const { executeRun } = await import('../runs/execute-run.js');
      await executeRun(plan, { endpoints: options, policyReplicaCount, json, verbose, resumeCommand }, context);
    });
}

/** A trainer that is named looks at the directory itself: it is on its machine. */
async function existingOf(plan: Parameters<typeof existingRun>[0], options: RunOptions): Promise<ExistingRun> {
  const wish = wishOf(options);
  if (options.trainer === undefined) return await existingRun(plan, wish);
  if (wish === undefined) return { kind: 'none' };
  throw new UsageError(
    '--resume and --fresh look at the run directory, which is on the machine of --trainer: leave them out',
  );
}

function wishOf({ resume, fresh }: RunOptions): ResumeWish {
  if (resume === true && fresh) throw new UsageError('--resume and --fresh contradict each other: give one');
  if (fresh || resume === false) return 'fresh';
  return resume ? 'resume' : undefined;
}

/** The same command, with the directory named and without what only a first start takes. */
function resumeCommandOf(configPath: string, runDirectory: string, options: RunOptions): string {
  const { policy, policyAdmin, reward, metaLearner, trainer, policyReplicas, json, verbose } = options;
  const given = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [flag, value]);
  return shellLine([
    'metaapo',
    'run',
    configPath,
    ...(options.set ?? []).flatMap((set) => ['--set', set]),
    '--run-dir',
    runDirectory,
    ...given('--policy', policy?.join(',')),
    ...given('--policy-admin', policyAdmin?.join(',')),
    ...given('--reward', reward),
    ...given('--meta-learner', metaLearner),
    ...given('--trainer', trainer),
    ...(policyReplicas > 1 ? ['--policy-replicas', String(policyReplicas)] : []),
    ...(json ? ['--json'] : []),
    ...(verbose ? ['--verbose'] : []),
  ]);
}
