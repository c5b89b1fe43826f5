/** @file `metaapo up`: the four services, for whoever wants to call them. */
import { Command } from 'commander';
import { InterruptedError, UsageError } from '../cli.errors.js';
import { locateModel } from '../models/locate-model.js';
import { planRun } from '../runs/run-plan.js';
import { ServiceGroup, type GroupAddresses, type ServiceGroupOptions } from '../services/service-group.js';
import { aborted } from '../terminal/interrupts.js';
import { collected, example, type CommandContext } from './context.js';

interface UpOptions {
  readonly model?: string;
  readonly set?: readonly string[];
  readonly verbose?: boolean;
}

/** Reward models served when there is no configuration to name some. */
const LEXICON_REWARDS = { vader: { backend: 'vader' }, afinn: { backend: 'afinn' } } as const;

export function upCommand(context: CommandContext): Command {
  return new Command('up')
    .summary('start the services and print their addresses')
    .description(
      'Starts policy, reward, meta-learner and trainer on free ports of this machine, prints their addresses as one ' +
        'line of JSON, and keeps them until Ctrl-C. Model and rewards come from CONFIG; with --model instead, the ' +
        'rewards are the lexicons vader and afinn.',
    )
    .argument('[CONFIG]', 'configuration of a run, YAML')
    .option('--model <MODEL>', 'model to serve (path, or name on the Hub) instead of the configuration’s')
    .option('--set <key=value>', 'override one key of the configuration; may be repeated', collected)
    .option('--verbose', 'pass the services’ logs through to standard error')
    .addHelpText('after', example('metaapo up configs/demo/metaapo.yaml', 'metaapo up --model models/my-model'))
    .action(async (configPath: string | undefined, options: UpOptions) => {
      const served = await servedBy(configPath, options, context);
      const { terminal, interrupts } = context;
      const [group, addresses] = await ServiceGroup.start({
        ...served,
        endpoints: {},
        policyReplicaCount: 1,
        stop: aborted(interrupts.stop).then(() => {
          throw new InterruptedError('Stopped before the services were ready.');
        }),
        ...(options.verbose && { onLog: (app: string, line: string) => terminal.err(`${app}: ${line}\n`) }),
      });
      try {
        terminal.out(`${addressesJson(addresses)}\n`);
        await Promise.race([aborted(interrupts.stop), group.lost()]);
      } finally {
        await group.stopUnless(interrupts.force);
      }
    });
}

async function servedBy(
  configPath: string | undefined,
  { model, set: overrides = [] }: UpOptions,
  context: CommandContext,
): Promise<Pick<ServiceGroupOptions, 'modelPath' | 'decodePrecision' | 'rewardModels'>> {
  if (configPath === undefined) {
    if (model === undefined) throw new UsageError('Expected a CONFIG file or --model DIR, got neither');
    return { modelPath: await locateModel(model, context), rewardModels: LEXICON_REWARDS };
  }
  const plan = await planRun({ configPath, overrides });
  const modelPath =
    model === undefined
      ? await locateModel(plan.model, context, plan.baseDirectory)
      : await locateModel(model, context);
  return { modelPath, decodePrecision: plan.config.model.decode_precision, rewardModels: plan.rewardModels };
}

/** One line for programs. */
export function addressesJson({ policy, policyAdmin, reward, metaLearner, trainer }: GroupAddresses): string {
  return JSON.stringify({
    event: 'ready',
    policy: policy[0],
    policy_admin: policyAdmin[0],
    reward,
    meta_learner: metaLearner,
    trainer,
  });
}
