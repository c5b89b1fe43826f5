/** @file `metaapo explain`: what became of one row of a run. */
import { Command, Option } from 'commander';
import { RunFailedError } from '../cli.errors.js';
import { explanationJson } from '../explain/explanation-json.js';
import { explanationText } from '../explain/explanation-text.js';
import { askExplanation } from '../explain/ask-explanation.js';
import { address } from '../services/endpoints.js';
import { example, type CommandContext } from './context.js';

interface ExplainOptions {
  readonly trainer?: string;
  readonly base?: string;
  readonly json?: boolean;
}

export function explainCommand({ terminal, interrupts }: CommandContext): Command {
  return new Command('explain')
    .summary('tell what became of one row of a run')
    .description(
      'Tells the story of one row: what the gate saw and drew, the responses, each score with the model and epoch that ' +
        'gave it, which became chosen and rejected, the weight at each use, and the traces. RUN is a directory, under ' +
        'way or finished; ROW an id of the data. Only looks. With --trainer, RUN is the id of a run that it knows, or a ' +
        'path on its machine.',
    )
    .argument('<RUN>', 'directory of a run')
    .argument('<ROW>', 'id of a row')
    .addOption(new Option('--trainer <host:port>', 'ask this trainer').argParser(address))
    .option('--base <DIR>', 'folder that the run’s paths start from (default: as the run says)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      example('metaapo explain runs/demo line-17', 'metaapo explain demo-1a2b3c4d line-17 --trainer 10.0.0.5:50057'),
    )
    .action(async (run: string, itemId: string, { trainer, base, json = false }: ExplainOptions) => {
      const explanation = await askExplanation({ run, itemId, trainer, baseDirectory: base, signal: interrupts.stop });
      if (!explanation) throw new RunFailedError('ROW_UNKNOWN', `${run} tells nothing of ${itemId}`);
      terminal.out(json ? `${explanationJson(explanation)}\n` : explanationText(explanation, terminal.columnCount));
    });
}
