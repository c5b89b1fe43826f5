/** @file `metaapo reward list`: the models in service. */
import { Command } from 'commander';
import type { RewardModel__Output } from '#contracts/reward';
import { ask, withReplicas, type AskOptions, type RewardReplica } from '../../reward/reward-client.js';
import { modelJson, modelsTable } from '../../reward/models-text.js';
import { withDataOptions, type DataOptions } from '../../reward/reward-options.js';
import { example, type CommandContext } from '../context.js';

const PAGE_SIZE = 100;

export function listCommand({ terminal, interrupts }: CommandContext): Command {
  return withDataOptions(new Command('list'))
    .summary('list the models in service')
    .description('Lists the models in service by name, with their epoch, and what their scores carry.')
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', example('metaapo reward list', 'metaapo reward list --reward dns:///reward:50053 --json'))
    .action(async ({ reward, timeout: timeoutMs, json = false }: DataOptions & { readonly json?: boolean }) => {
      await withReplicas('data', reward, async (replicas) => {
        for (const replica of replicas) {
          const { models, isDurable } = await modelsOf(replica, { timeoutMs, signal: interrupts.stop });
          const { address } = replica;
          if (json) {
            const lines = models.map((model) =>
              JSON.stringify({ address, ...modelJson(model), state_durable: isDurable }),
            );
            terminal.out(lines.map((line) => `${line}\n`).join(''));
            continue;
          }
          if (replicas.length > 1) terminal.out(`${address}\n`);
          terminal.out(modelsTable(models));
          if (!isDurable)
            terminal.err(`${address} forgets epochs and swaps when it restarts: it has no REWARD_STATE_PATH\n`);
        }
      });
    });
}

async function modelsOf(
  replica: RewardReplica<'data'>,
  options: AskOptions,
): Promise<{ readonly models: readonly RewardModel__Output[]; readonly isDurable: boolean }> {
  const models: RewardModel__Output[] = [];
  for (let pageToken = ''; ;) {
    const page = await ask(replica, options, (client, call) =>
      client.listRewardModels({ pageSize: PAGE_SIZE, pageToken }, call),
    );
    models.push(...page.rewardModels);
    pageToken = page.nextPageToken;
    if (pageToken === '') return { models, isDurable: page.stateDurable };
  }
}
