/** @file A row as it stands in the data, where the data can still be read. */
import { messageOf } from '#core';
import type { RunConfig } from '#run-config';
import { shownPrompt } from '../phases/evaluate.js';
import { readData } from '../run/run-inputs.js';
import type { Journal } from '../storage/journal.js';
import type { OfflinePairText } from './row-explanation.js';

export interface RowData {
  readonly pair?: OfflinePairText;
  /** Why there is none, in a sentence. */
  readonly gap?: string;
}

export async function rowData(
  itemId: string,
  {
    config,
    journal,
    base,
  }: { readonly config: RunConfig; readonly journal: Journal; readonly base: string | undefined },
): Promise<RowData> {
  if (base === undefined) {
    return {
      gap: 'The offline pair: the run does not say which folder the path of its data starts from; name it (--base).',
    };
  }
  try {
    const { rows, digests } = await readData(config, base);
    const was = await journal.fact('input.data');
    if (was !== undefined && was !== digests['data']) {
      return {
        gap: `The offline pair: expected the data that the run was begun with, ${was}, found ${digests['data']}.`,
      };
    }
    const row = rows.find(({ id }) => id === itemId);
    if (!row) return { gap: 'The offline pair: the data has no such row.' };
    return { pair: { prompt: shownPrompt(row.prompt), chosen: row.chosen, rejected: row.rejected } };
  } catch (error) {
    return { gap: `The offline pair: ${messageOf(error)}.` };
  }
}
