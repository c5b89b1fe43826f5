/** @file `metaapo reward show`: everything that stands behind a name. */
import { Command } from 'commander';
import { withReplicas } from '../../reward/reward-client.js';
import { withAdminOptions, type AdminOptions } from '../../reward/reward-options.js';
import { slotsIn } from '../../reward/slots.js';
import { slotsJson, slotsText } from '../../reward/slots-text.js';
import { example, type CommandContext } from '../context.js';
import { wholeNumber } from '../option-values.js';

interface ShowOptions extends AdminOptions {
  readonly events: number;
  readonly json?: boolean;
}

const EVENTS = 20;
const EVENTS_MAX = 1000;

export function showCommand({ terminal, interrupts }: CommandContext): Command {
  return withAdminOptions(new Command('show'))
    .summary('show everything behind a name: in service, staged, warm, and what happened')
    .description(
      'Shows the models behind a name: the one in service, the staged one, those of earlier epochs that are kept warm; ' +
        'and what happened to the name, by whom and why.',
    )
    .argument('<NAME>', 'name of a reward model')
    .option('--events <COUNT>', 'most events of the history, the newest ones', wholeNumber(1, EVENTS_MAX), EVENTS)
    .option('--json', 'print one JSON object per replica')
    .addHelpText(
      'after',
      example('metaapo reward show sentiment', 'metaapo reward show sentiment --admin dns:///reward-admin:50054'),
    )
    .action(async (rewardModel: string, { admin, timeout: timeoutMs, events, json = false }: ShowOptions) => {
      await withReplicas('admin', admin, async (replicas) => {
        for (const replica of replicas) {
          const query = { rewardModel, eventCountMax: events, timeoutMs, signal: interrupts.stop };
          const slots = await slotsIn(replica, query);
          const { address } = replica;
          terminal.out(
            json ? `${slotsJson({ address, rewardModel }, slots)}\n` : slotsText({ address, rewardModel }, slots),
          );
        }
      });
    });
}
