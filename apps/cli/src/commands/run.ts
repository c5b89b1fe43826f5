/** @file `metaapo run`: aligns a model as a configuration says. */
import { Command } from 'commander';
import { executeRun } from '../runs/execute-run.js';
import { planRun } from '../runs/run-plan.js';
import { checkEndpoints, withEndpointOptions, type Endpoints } from '../services/endpoints.js';
import { collected, example, type CommandContext } from './context.js';
import { wholeNumber } from './option-values.js';

interface RunOptions extends Endpoints {
  readonly set?: readonly string[];
  readonly runDir?: string;
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
        'their addresses are given. An unfinished run directory is gone on with: nothing is computed or paid for twice.',
    )
    .argument('<CONFIG>', 'configuration of the run, YAML')
    .option('--set <key=value>', 'override one key, for instance algorithm.beta=0.2; may be repeated', collected)
    .option('--run-dir <DIR>', 'directory of the run (default: runs/NAME-DIGEST)')
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
      const resumeCommand = [
        'metaapo run',
        configPath,
        ...overrides.map((set) => `--set ${set}`),
        `--run-dir ${plan.runDirectory}`,
      ];
      await executeRun(
        plan,
        {
          endpoints: options,
          policyReplicaCount: options.policyReplicas,
          json,
          verbose,
          resumeCommand: resumeCommand.join(' '),
        },
        context,
      );
    });
}
