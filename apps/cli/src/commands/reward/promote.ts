/** @file `metaapo reward promote`: puts the staged model into service. */
import { Command } from 'commander';
import { UsageError } from '../../cli.errors.js';
import { carryOut } from '../../reward/change-command.js';
import { expectedEpoch, expectedEpochOption } from '../../reward/expected-epoch.js';
import { changedText } from '../../reward/models-text.js';
import { withChangeOptions, type ChangeOptions } from '../../reward/reward-options.js';
import { swapHeadline } from '../../reward/swap-headline.js';
import { example, type CommandContext } from '../context.js';

interface PromoteOptions extends ChangeOptions {
  readonly expectedEpoch?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function promoteCommand(context: CommandContext): Command {
  const { terminal } = context;
  const command = new Command('promote')
    .summary('put the staged model into service')
    .description(
      'Puts the staged model into service under the next epoch, at once: a call that was admitted before is answered by ' +
        'the old model, one admitted after by the new. The old one stays warm for a rollback. Where the service has limits ' +
        '(REWARD_SWAP_LIMITS), the last report must keep them. Replicas are asked one after the other, once all hold the ' +
        'same models; where one fails, the message says where each stands and how to finish.',
    )
    .argument('<NAME>', 'name of a reward model with a staged one')
    .addOption(expectedEpochOption())
    .option('--force', 'although the service’s limits are broken; needs --reason')
    .option('--json', 'print one JSON object per replica');
  return withChangeOptions(command)
    .addHelpText(
      'after',
      example(
        'metaapo reward promote sentiment',
        `metaapo reward promote sentiment --expected-epoch 3 --force --reason 'the old one is wrong on negations'`,
      ),
    )
    .action(async (rewardModel: string, options: PromoteOptions) => {
      const { force = false, reason = '' } = options;
      if (force && reason.trim() === '') throw new UsageError('--force needs --reason TEXT: the history keeps it');
      const { changed, before } = await carryOut(
        {
          verb: 'promote',
          rewardModel,
          options,
          requestOf: (slots) => {
            const epoch = expectedEpoch(options, slots);
            return {
              words: ['--expected-epoch', String(epoch), ...(force ? ['--force'] : [])],
              apply: (admin, base, call) =>
                admin.promoteRewardModel({ ...base, expectedEpoch: String(epoch), force }, call),
            };
          },
        },
        context,
      );
      terminal.out(changedText(changed, { json: options.json, headline: swapHeadline(rewardModel, changed, before) }));
    });
}
