/** @file `metaapo reward report`: what a promotion would change. */
import { Command } from 'commander';
import type { AnnotateItem } from '#contracts/reward';
import { count, fixed } from '#report';
import { UsageError } from '../../cli.errors.js';
import { ask, withReplicas, type AskOptions } from '../../reward/reward-client.js';
import { SwapLimitsBrokenError } from '../../reward/reward.errors.js';
import { withAdminOptions, type AdminOptions } from '../../reward/reward-options.js';
import { runTexts } from '../../reward/run-texts.js';
import { slotsIn } from '../../reward/slots.js';
import { reportJson } from '../../reward/swap-report-json.js';
import { swapReportText } from '../../reward/swap-report-text.js';
import { example, type CommandContext } from '../context.js';
import { wholeNumber } from '../option-values.js';

interface ReportOptions extends AdminOptions {
  readonly run?: string;
  readonly last: number;
  readonly base?: string;
  readonly ignoreShadow?: boolean;
  readonly allowCost?: boolean;
  readonly disagreements: number;
  readonly seed: number;
  readonly json?: boolean;
}

const LAST = 1000;
/** Most items of one report, by the service. */
const ITEMS_MAX = 10_000;
const DISAGREEMENTS = 5;
const DISAGREEMENTS_MAX = 100;

export function reportCommand(context: CommandContext): Command {
  const command = new Command('report')
    .summary('compare the staged model with the one in service')
    .description(
      'Compares the staged model with the one in service on the live traffic that it shadowed and, with --run, on the ' +
        'last responses that a run had scored, which both models score again. Shares and correlations come with their ' +
        '95 % intervals, and the items on which the two disagree most as text. Ends with 1 where the figures break the ' +
        'service’s limits, so that a promotion would be refused.',
    )
    .argument('<NAME>', 'name of a reward model with a staged one')
    .option('--run <RUN_DIR>', 'a run whose scored responses both models score again')
    .option('--last <COUNT>', 'most responses of the run, the ones scored last', wholeNumber(1, 1_000_000), LAST)
    .option('--base <DIR>', 'folder that the run’s paths start from (default: as the run says)')
    .option('--ignore-shadow', 'only the responses of --run')
    .option('--allow-cost', 'also where scoring again may cost something outside of the service')
    .option('--disagreements <COUNT>', 'most disagreements to show', wholeNumber(0, DISAGREEMENTS_MAX), DISAGREEMENTS)
    .option('--seed <SEED>', 'seed of the intervals', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--json', 'print one JSON object per replica');
  return withAdminOptions(command)
    .addHelpText(
      'after',
      example('metaapo reward report sentiment', 'metaapo reward report sentiment --run runs/demo --last 2000'),
    )
    .action((rewardModel: string, options: ReportOptions) => report(rewardModel, options, context));
}

async function report(rewardModel: string, options: ReportOptions, context: CommandContext): Promise<void> {
  const { terminal, interrupts } = context;
  const { admin, timeout: timeoutMs, ignoreShadow = false, allowCost = false, json = false } = options;
  const asking: AskOptions = { timeoutMs, signal: interrupts.stop };
  const items = await itemsOf(rewardModel, options, context);
  const broken = await withReplicas('admin', admin, async (replicas) => {
    const breaches: string[] = [];
    for (const replica of replicas) {
      const limits = limitsIn(
        (await slotsIn(replica, { ...asking, rewardModel, eventCountMax: 1 })).told.swapLimitsJson,
      );
      const { report: found } = await ask(replica, asking, (client, call) =>
        client.getSwapReport(
          {
            rewardModel,
            items,
            ignoreShadow,
            allowCost,
            seed: String(options.seed),
            disagreementCountMax: options.disagreements,
          },
          call,
        ),
      );
      if (!found) continue;
      const { address } = replica;
      const { columnCount } = terminal;
      if (json) terminal.out(`${JSON.stringify({ address, reward_model: rewardModel, ...reportJson(found) })}\n`);
      else if (replicas.length > 1) terminal.out(`${address}\n`);
      if (!json) terminal.out(swapReportText(found, { rewardModel, limits, columnCount }));
      breaches.push(...found.breaches.map(breachText));
    }
    return breaches;
  });
  if (broken.length > 0) throw new SwapLimitsBrokenError(rewardModel, [...new Set(broken)].join('; '));
}

async function itemsOf(
  rewardModel: string,
  { run, last, base, ignoreShadow = false }: ReportOptions,
  { terminal, interrupts }: CommandContext,
): Promise<AnnotateItem[]> {
  if (run === undefined) {
    if (ignoreShadow) throw new UsageError('--ignore-shadow leaves nothing to compare: give --run RUN_DIR, too');
    if (base !== undefined) throw new UsageError('--base goes with --run RUN_DIR');
    return [];
  }
  const query = { rewardModel, countMax: last, baseDirectory: base, signal: interrupts.stop };
  const { runId, items, textlessCount } = await runTexts(run, query);
  const responseCount = items.reduce((sum, { responses = [] }) => sum + responses.length, 0);
  const without = textlessCount > 0 ? `; ${count(textlessCount)} more have no text in the run’s data any more` : '';
  terminal.err(`${runId}: ${count(responseCount)} scored responses to ${count(items.length)} prompts${without}\n`);
  if (items.length === 0) {
    throw new UsageError(`Expected a run that had ${rewardModel} score responses, got ${run}: it has none`);
  }
  if (items.length > ITEMS_MAX) terminal.err(`of these prompts the ${count(ITEMS_MAX)} that were scored last\n`);
  return items.slice(0, ITEMS_MAX);
}

/** The service sends its limits as JSON; what is no number is none that a table could show. */
function limitsIn(json: string): Readonly<Record<string, number>> {
  if (json === '') return {};
  const entries = Object.entries(JSON.parse(json) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])));
}

function breachText({
  limit,
  allowed,
  figure,
}: {
  readonly limit: string;
  readonly allowed: number;
  readonly figure?: number;
}): string {
  return `${limit} is ${allowed}, the report has ${figure === undefined ? 'no such figure' : fixed(figure, 4)}`;
}
