/**
 * @file Where the Hub and its cache are. The variables have the names and defaults of Python's huggingface_hub, so that
 * both share one cache and one login.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface HubSettings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** Sent to the endpoint and to nobody else. */
  readonly token: string | undefined;
  readonly cacheDir: string;
  /** Only the cache is asked. */
  readonly offline: boolean;
}

/** What a person set; see `HUB_VARIABLES` of `#platform/config`. */
export interface HubChoices {
  readonly hubHome?: string | undefined;
  readonly hubCache?: string | undefined;
  readonly hubEndpoint: string;
  readonly hubToken?: string | undefined;
  readonly hubOffline: boolean;
}

/** Fills in defaults; the token of `hf auth login` is used where none is set. */
export async function hubSettings(choices: HubChoices): Promise<HubSettings> {
  const home = expandHome(choices.hubHome ?? '~/.cache/huggingface');
  return {
    endpoint: choices.hubEndpoint.replace(/\/+$/, ''),
    token: choices.hubToken ?? (await savedToken(join(home, 'token'))),
    cacheDir: choices.hubCache === undefined ? join(home, 'hub') : expandHome(choices.hubCache),
    offline: choices.hubOffline,
  };
}

async function savedToken(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() || undefined;
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
