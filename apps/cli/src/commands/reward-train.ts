/** @file `metaapo reward train`: a reward model from preference pairs. */
import { Command } from 'commander';
import { UsageError } from '../cli.errors.js';
import { existingTraining } from '../reward-train/existing-training.js';
import { planTraining } from '../reward-train/training-plan.js';
import { tellTraining } from '../reward-train/tell-training.js';
import { nearPath, type ResumeWish } from '../runs/existing-run.js';
import { shellLine } from '../terminal/shell-words.js';
import { collected, example, type CommandContext } from './context.js';

interface TrainOptions {
  readonly set?: readonly string[];
  readonly runDir?: string;
  /** Of --resume and --no-resume. */
  readonly resume?: boolean;
  readonly fresh?: boolean;
  readonly json?: boolean;
}

export function trainCommand(context: CommandContext): Command {
  const { terminal } = context;
  return new Command('train')
    .summary('train a reward model on preference pairs')
    .description(
      'Trains a reward model on preference pairs (Bradley and Terry) as CONFIG says, measures it on held-out pairs before and ' +
        'after, and writes a Hugging Face sequence-classification folder that the backend lm-classifier serves and ' +
        'transformers opens. An unfinished training is gone on with, to the same bytes. Ctrl-C keeps what is done and ' +
        'stops, a second one stops at once.',
    )
    .argument('<CONFIG>', 'configuration of the training, YAML')
    .option(
      '--set <key=value>',
      'override one key, for instance optimizer.learning_rate=1e-4; may be repeated',
      collected,
    )
    .option('--run-dir <DIR>', 'directory of the training (default: runs/NAME-DIGEST)')
    .option(
      '--resume',
      'go on with the training in the directory (the default where there is one); refuses where there is none',
    )
    .option('--fresh', 'begin a new training; refuses a directory that holds one, and never deletes')
    .option('--no-resume', 'the same as --fresh')
    .option('--json', 'print one JSON event per line')
    .addHelpText(
      'after',
      example(
        'metaapo reward train configs/demo/reward.yaml',
        'metaapo reward train my.yaml --set seed=2 --set training.center_rewards_coefficient=0.01 --run-dir runs/reward-2',
      ),
    )
    .action(async (configPath: string, options: TrainOptions) => {
      const { set: overrides = [], runDir: runDirectory, json = false } = options;
      const plan = await planTraining({ configPath, overrides, runDirectory });
      const existing = await existingTraining(plan, wishOf(options));
      if (existing.kind === 'finished') {
        return tellTraining(plan, existing.report, { terminal, json, wasFinished: true });
      }
      const resumeCommand = shellLine([
        'metaapo',
        'reward',
        'train',
        configPath,
        ...overrides.flatMap((override) => ['--set', override]),
        '--run-dir',
        nearPath(plan.runDirectory),
        ...(json ? ['--json'] : []),
      ]);
      // Loaded only now: a training that is finished is told at once.
      const { executeTraining } = await import('../reward-train/execute-training.js');
      await executeTraining(plan, { json, resumeCommand }, context);
    });
}

function wishOf({ resume, fresh }: TrainOptions): ResumeWish {
  if (resume === true && fresh) throw new UsageError('--resume and --fresh contradict each other: give one');
  if (fresh || resume === false) return 'fresh';
  return resume ? 'resume' : undefined;
}
