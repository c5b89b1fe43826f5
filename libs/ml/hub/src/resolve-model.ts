/** @file What people write where a model is asked for: a path, or a name on the Hub. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fetchModel, type FetchModelOptions, type HubProgress } from './fetch-model.js';
import { parseHubName } from './hub-name.js';
import { hubSettings, type HubChoices } from './hub-settings.js';

export interface ResolveModelOptions extends Omit<FetchModelOptions, 'settings' | 'onProgress' | 'onNotice'> {
  readonly hub: HubChoices;
  /** Relative paths begin here. @default the working directory */
  readonly baseDirectory?: string;
  /** One line about what is under way, without a line break. */
  readonly say?: (line: string) => void;
}

/**
 * Absolute path of a model. A path that exists wins over a name; what is neither is given back as a path, so that whoever
 * opens it says what is missing there.
 */
export async function resolveModel(text: string, options: ResolveModelOptions): Promise<string> {
  const { hub, baseDirectory = '.', say, ...rest } = options;
  const path = resolve(baseDirectory, text);
  const name = parseHubName(text);
  if (name === undefined || (await exists(path))) return path;
  return fetchModel(name, {
    ...rest,
    settings: await hubSettings(hub),
    onNotice: say,
    onProgress: say && progressLines(say),
  });
}

const STEP_PERCENT = 5;
const MEGABYTE = 1e6;

/** A line for every twentieth part of what is fetched. */
function progressLines(say: (line: string) => void): (progress: HubProgress) => void {
  let shown = '';
  return ({ model, doneBytes, totalBytes }) => {
    const percent = Math.floor((100 * doneBytes) / Math.max(1, totalBytes) / STEP_PERCENT) * STEP_PERCENT;
    const line = `fetching ${model}: ${percent} % of ${(totalBytes / MEGABYTE).toFixed(1)} MB`;
    if (line === shown) return;
    shown = line;
    say(line);
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
