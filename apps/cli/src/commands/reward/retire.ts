/** @file `metaapo reward retire`: frees the memory of a model that is not in service. */
import { Command } from 'commander';
import { UsageError } from '../../cli.errors.js';
import { carryOut } from '../../reward/change-command.js';
import { changedText, modelText } from '../../reward/models-text.js';
import { withChangeOptions, type ChangeOptions } from '../../reward/reward-options.js';
import { example, type CommandContext } from '../context.js';
import { wholeNumber } from '../option-values.js';

interface RetireOptions extends ChangeOptions {
  readonly staged?: boolean;
  readonly epoch?: number;
  readonly json?: boolean;
}

export function retireCommand(context: CommandContext): Command {
  const { terminal } = context;
  const command = new Command('retire')
    .summary('free the staged model, or one of an earlier epoch')
    .description(
      'Frees the memory of the staged model, or of one that was in service under an earlier epoch, as soon as the last ' +
        'call that it answers has ended. Who insists on a retired epoch is refused from then on, and it cannot be rolled ' +
        'back to.',
    )
    .argument('<NAME>', 'name of a reward model')
    .option('--staged', 'the staged model')
    .option('--epoch <EPOCH>', 'the model of an earlier epoch', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--json', 'print one JSON object per replica');
  return withChangeOptions(command)
    .addHelpText(
      'after',
      example('metaapo reward retire sentiment --epoch 2', 'metaapo reward retire sentiment --staged'),
    )
    .action(async (rewardModel: string, options: RetireOptions) => {
      const { staged = false, epoch } = options;
      if (staged === (epoch !== undefined))
        throw new UsageError('Expected what to retire: either --staged or --epoch N');
      const { changed } = await carryOut(
        {
          verb: 'retire',
          rewardModel,
          options,
          requestOf: () => ({
            words: epoch === undefined ? ['--staged'] : ['--epoch', String(epoch)],
            apply: (admin, base, call) =>
              admin.retireRewardModel(
                { ...base, ...(epoch === undefined ? { staged: true } : { epoch: String(epoch) }) },
                call,
              ),
          }),
        },
        context,
      );
      const [first] = changed;
      const what = epoch === undefined ? 'the staged model' : `epoch ${epoch}`;
      const headline = `${rewardModel}: ${what} (${first ? modelText(first.model) : ''}) is retired`;
      terminal.out(changedText(changed, { json: options.json, headline }));
    });
}
