/** @file `metaapo reward score`: the score of a response or two, to try a model out. */
import { Command } from 'commander';
import type { AnnotateResponse__Output } from '#contracts/reward';
import { fromItemStatus, isOk } from '#platform/rpc';
import { fixed } from '#report';
import { clipped } from '../../terminal/clipped.js';
import { modelText } from '../../reward/models-text.js';
import { ask, withReplicas } from '../../reward/reward-client.js';
import { ResponsesUnscoredError } from '../../reward/reward.errors.js';
import { withDataOptions, type DataOptions } from '../../reward/reward-options.js';
import { oneLine } from '../../terminal/one-line.js';
import { textTable } from '../../terminal/text-table.js';
import { collected, example, type CommandContext } from '../context.js';
import { wholeNumber } from '../option-values.js';

interface ScoreOptions extends DataOptions {
  readonly prompt: string;
  readonly response: readonly string[];
  readonly epoch: number;
  readonly json?: boolean;
}

export function scoreCommand(context: CommandContext): Command {
  const command = new Command('score')
    .summary('score a response or more, to try a model out')
    .description(
      'Scores responses to a prompt with the model in service, or with an earlier epoch that is still warm, and tells ' +
        'which model gave the scores. Costs what the model costs.',
    )
    .argument('<NAME>', 'name of a reward model')
    .requiredOption('--prompt <TEXT>', 'what the responses answer')
    .requiredOption('--response <TEXT>', 'a response; may be repeated', collected)
    .option(
      '--epoch <EPOCH>',
      'epoch that must answer (default: the one in service)',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      0,
    )
    .option('--json', 'print one JSON object per replica');
  return withDataOptions(command)
    .addHelpText(
      'after',
      example(`metaapo reward score sentiment --prompt 'How was it?' --response 'Lovely.' --response 'Dreadful.'`),
    )
    .action((rewardModel: string, options: ScoreOptions) => score(rewardModel, options, context));
}

async function score(
  rewardModel: string,
  { reward, timeout: timeoutMs, prompt, response: responses, epoch, json = false }: ScoreOptions,
  { terminal, interrupts }: CommandContext,
): Promise<void> {
  await withReplicas('data', reward, async (replicas) => {
    for (const replica of replicas) {
      const reply = await ask(replica, { timeoutMs, signal: interrupts.stop }, (client, call) =>
        client.annotate(
          {
            rewardModel,
            epoch: String(epoch),
            items: [
              {
                itemId: 'typed',
                prompt: { form: 'text', text: prompt },
                responses: responses.map((text) => ({ form: 'text', text })),
              },
            ],
          },
          call,
        ),
      );
      const { address } = replica;
      const outcomes = outcomesOf(reply, responses);
      terminal.out(
        json ? `${JSON.stringify(replyJson(address, reply, outcomes))}\n` : replyText(reply, outcomes, terminal),
      );
      const failedCount = outcomes.filter((outcome) => 'error' in outcome).length;
      if (failedCount > 0) throw new ResponsesUnscoredError(failedCount, responses.length);
    }
  });
}

type Outcome = { readonly text: string } & (
  | { readonly score: number; readonly components: Readonly<Record<string, number>> }
  | { readonly error: { readonly code: string; readonly message: string } }
);

function outcomesOf({ items: [item] }: AnnotateResponse__Output, responses: readonly string[]): readonly Outcome[] {
  return responses.map((text, index) => {
    const annotation = item?.annotations[index];
    const status = [item?.status, annotation?.status].find((one) => one && !isOk(one));
    if (status) {
      const { code, message } = fromItemStatus(status);
      return { text, error: { code, message } };
    }
    return { text, score: annotation?.score ?? Number.NaN, components: annotation?.components ?? {} };
  });
}

const COLUMNS_OF_SCORE = 16;

function replyText(
  { provenance }: AnnotateResponse__Output,
  outcomes: readonly Outcome[],
  { columnCount }: { readonly columnCount: number },
): string {
  const rows = outcomes.map((outcome) => {
    const [text = ''] = clipped(outcome.text, columnCount - COLUMNS_OF_SCORE);
    if ('error' in outcome) return ['no score', text, oneLine(`${outcome.error.code}: ${outcome.error.message}`)];
    const parts = Object.entries(outcome.components).map(([name, value]) => `${name} ${fixed(value, 4)}`);
    return [fixed(outcome.score, 4), text, oneLine(parts.join(', '))];
  });
  const model = `epoch ${provenance?.epoch ?? '?'}, ${modelText({ provenance })}`;
  return `${textTable(rows, { leftCount: 3 })}by ${provenance?.rewardModel ?? ''}: ${model}\n`;
}

function replyJson(
  address: string,
  { provenance }: AnnotateResponse__Output,
  outcomes: readonly Outcome[],
): Readonly<Record<string, unknown>> {
  return {
    address,
    reward_model: provenance?.rewardModel ?? '',
    epoch: Number(provenance?.epoch ?? '0'),
    backend: provenance?.backend ?? '',
    weights_digest: provenance?.weightsDigest ?? '',
    responses: outcomes,
  };
}
