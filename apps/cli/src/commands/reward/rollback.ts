/** @file `metaapo reward rollback`: puts the model before back into service. */
import { Command } from 'commander';
import { carryOut } from '../../reward/change-command.js';
import { expectedEpoch, expectedEpochOption } from '../../reward/expected-epoch.js';
import { changedText } from '../../reward/models-text.js';
import { withChangeOptions, type ChangeOptions } from '../../reward/reward-options.js';
import { swapHeadline } from '../../reward/swap-headline.js';
import { example, type CommandContext } from '../context.js';

interface RollbackOptions extends ChangeOptions {
  readonly expectedEpoch?: number;
  readonly json?: boolean;
}

export function rollbackCommand(context: CommandContext): Command {
  const { terminal } = context;
  const command = new Command('rollback')
    .summary('put the model before back into service')
    .description(
      'Puts the model that was in service before back into service, at once: nothing is loaded. It gets the next epoch, ' +
        'since epochs only grow; its digest tells that it is the same model. The one rolled back from stays warm.',
    )
    .argument('<NAME>', 'name of a reward model')
    .addOption(expectedEpochOption())
    .option('--json', 'print one JSON object per replica');
  return withChangeOptions(command)
    .addHelpText('after', example(`metaapo reward rollback sentiment --reason 'lengths went up'`))
    .action(async (rewardModel: string, options: RollbackOptions) => {
      const { changed, before } = await carryOut(
        {
          verb: 'rollback',
          rewardModel,
          options,
          requestOf: (slots) => {
            const epoch = expectedEpoch(options, slots);
            return {
              words: ['--expected-epoch', String(epoch)],
              apply: (admin, base, call) => admin.rollbackRewardModel({ ...base, expectedEpoch: String(epoch) }, call),
            };
          },
        },
        context,
      );
      terminal.out(changedText(changed, { json: options.json, headline: swapHeadline(rewardModel, changed, before) }));
    });
}
