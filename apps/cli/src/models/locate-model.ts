/** @file The model that a person named, as an absolute path: one that exists, or a model of the Hub, fetched first. */
import { resolveModel } from '#ml/hub';
import { HUB_VARIABLES, loadConfig } from '#platform/config';
import { InterruptedError } from '../cli.errors.js';
import type { CommandContext } from '../commands/context.js';

/** @throws the refusals of `#ml/hub`; InterruptedError */
export async function locateModel(
  model: string,
  { terminal, interrupts }: CommandContext,
  baseDirectory = '.',
): Promise<string> {
  try {
    return await resolveModel(model, {
      hub: loadConfig(HUB_VARIABLES),
      baseDirectory,
      say: (line) => terminal.err(`${line}\n`),
      signal: interrupts.stop,
    });
  } catch (thrown) {
    if (!interrupts.stop.aborted) throw thrown;
    throw new InterruptedError('Stopped while fetching; what is here is kept. Start the same command again.');
  }
}
