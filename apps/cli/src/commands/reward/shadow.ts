/** @file `metaapo reward shadow`: lets the staged model score live traffic, unseen by callers. */
import { Command } from 'commander';
import { carryOut } from '../../reward/change-command.js';
import { changedText, modelText } from '../../reward/models-text.js';
import { withChangeOptions, type ChangeOptions } from '../../reward/reward-options.js';
import { example, type CommandContext } from '../context.js';
import { realNumber } from '../option-values.js';

interface ShadowOptions extends ChangeOptions {
  readonly fraction: number;
  readonly allowCost?: boolean;
  readonly json?: boolean;
}

export function shadowCommand(context: CommandContext): Command {
  const { terminal } = context;
  const command = new Command('shadow')
    .summary('let the staged model score a share of live traffic, unseen')
    .description(
      'Lets the staged model score a share of live traffic beside the one in service. Answers and their times stay those ' +
        'of the model in service; what the staged one cannot keep up with is dropped and counted. 0 stops it and keeps ' +
        'what it has seen.',
    )
    .argument('<NAME>', 'name of a reward model with a staged one')
    .requiredOption('--fraction <SHARE>', 'share of live items, from 0 to 1', realNumber(0, 1))
    .option('--allow-cost', 'also where the staged model may cost something outside of the service')
    .option('--json', 'print one JSON object per replica');
  return withChangeOptions(command)
    .addHelpText('after', example('metaapo reward shadow sentiment --fraction 0.2'))
    .action(async (rewardModel: string, options: ShadowOptions) => {
      const { fraction: trafficFraction, allowCost = false } = options;
      const { changed } = await carryOut(
        {
          verb: 'shadow',
          rewardModel,
          options,
          requestOf: () => ({
            words: ['--fraction', String(trafficFraction), ...(allowCost ? ['--allow-cost'] : [])],
            apply: (admin, base, call) => admin.startShadow({ ...base, trafficFraction, allowCost }, call),
          }),
        },
        context,
      );
      const [first] = changed;
      const model = first ? modelText(first.model) : 'the staged model';
      const headline =
        trafficFraction === 0
          ? `${rewardModel}: ${model} no longer shadows; what it has seen is kept`
          : `${rewardModel}: ${model} shadows ${trafficFraction * 100} % of live items`;
      terminal.out(changedText(changed, { json: options.json, headline }));
    });
}
