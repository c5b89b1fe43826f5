/** @file `metaapo reward stage`: loads a model beside the one in service. */
import { Command } from 'commander';
import { carryOut } from '../../reward/change-command.js';
import { changedText, modelText } from '../../reward/models-text.js';
import { withChangeOptions, type ChangeOptions } from '../../reward/reward-options.js';
import { specText } from '../../reward/spec-text.js';
import { example, type CommandContext } from '../context.js';

interface StageOptions extends ChangeOptions {
  readonly json?: boolean;
}

export function stageCommand(context: CommandContext): Command {
  const { terminal } = context;
  return withChangeOptions(new Command('stage'))
    .summary('load a model beside the one in service')
    .description(
      'Loads a model beside the one in service, which goes on undisturbed. SPEC is JSON as one value of the service’s ' +
        'REWARD_MODELS, or @FILE with it; paths in it are those of the service’s machine. A model that cannot be loaded ' +
        'leaves everything as it was, and says why.',
    )
    .argument('<NAME>', 'name of a reward model that the service serves')
    .argument('<SPEC>', 'what to load: JSON, or @FILE')
    .option('--json', 'print one JSON object per replica')
    .addHelpText(
      'after',
      example(
        `metaapo reward stage sentiment '{"backend":"afinn"}'`,
        'metaapo reward stage judge @judge.json --admin dns:///reward-admin:50054',
      ),
    )
    .action(async (rewardModel: string, spec: string, options: StageOptions) => {
      const specJson = await specText(spec);
      const { changed } = await carryOut(
        {
          verb: 'stage',
          rewardModel,
          options,
          requestOf: () => ({
            words: [spec],
            apply: (admin, base, call) => admin.stageRewardModel({ ...base, specJson }, call),
          }),
        },
        context,
      );
      const [first] = changed;
      const headline = `${rewardModel}: staged ${first ? modelText(first.model) : ''}; the model in service goes on`;
      terminal.out(changedText(changed, { json: options.json, headline }));
    });
}
