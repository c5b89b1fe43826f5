/** @file `metaapo reward`: the models behind a reward service's stable names. */
import { Command } from 'commander';
import { example, type CommandContext } from './context.js';
import { listCommand } from './reward/list.js';
import { promoteCommand } from './reward/promote.js';
import { reportCommand } from './reward/report.js';
import { retireCommand } from './reward/retire.js';
import { rollbackCommand } from './reward/rollback.js';
import { scoreCommand } from './reward/score.js';
import { shadowCommand } from './reward/shadow.js';
import { showCommand } from './reward/show.js';
import { stageCommand } from './reward/stage.js';
import { trainCommand } from './reward-train.js';

export function rewardCommand(context: CommandContext): Command {
  const command = new Command('reward')
    .summary('look at, try and swap the models of a reward service')
    .description(
      'Looks at, tries and swaps the models behind the stable names of a reward service. A swap: stage a model beside the ' +
        'one in service, let it shadow live traffic, read the report, promote it; roll back at any time, retire at the end.',
    )
    .addHelpText(
      'after',
      example('metaapo reward list', 'metaapo reward show sentiment', 'metaapo help reward promote'),
    );
  for (const make of IN_ORDER) command.addCommand(make(context));
  return command;
}

/** In the order of the help. */
const IN_ORDER = [
  listCommand,
  showCommand,
  scoreCommand,
  stageCommand,
  shadowCommand,
  reportCommand,
  promoteCommand,
  rollbackCommand,
  retireCommand,
  trainCommand,
];
