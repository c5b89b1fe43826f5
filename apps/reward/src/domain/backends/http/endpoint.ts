/** @file Where a server is asked, how it is named in messages, and the secret that it is shown. */
import { z } from 'zod';
import { RewardModelBrokenError } from '../../reward.errors.js';

/** An http or https URL. Credentials have no place in it: it is stored, listed and named in messages. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
  .refine((url) => !hasCredentials(url), 'expected no credentials in the URL: name a variable in "api_key_env"')
  .refine((url) => !url.includes('#'), 'expected no fragment in the URL');

/** Name of an environment variable. */
export const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable');

/** Name of an HTTP header. */
export const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'expected the name of a header');

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** The URL as people may see it: a query may hold a key. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** `path` below a base URL, whether or not that ends with a slash; its query is kept. */
export function below(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url.href;
}

/** Reads a secret; undefined where the variable is absent or empty. */
export type SecretSource = (variable: string) => string | undefined;

export interface SecretSettings {
  readonly rewardModel: string;
  /** Variable that must be there; null for no secret. */
  readonly variable: string | null;
  /** False: the variable may be absent, and nothing is shown then. */
  readonly required: boolean;
  /** Header that takes the bare secret. @default `authorization`, as a bearer's */
  readonly header?: string | undefined;
  readonly readSecret: SecretSource;
}

export interface Secret {
  readonly headers: Readonly<Record<string, string>>;
  /** Blots the secret out of a text that is to be shown: servers like to quote what they refuse. */
  readonly blotted: (text: string) => string;
}

const NO_SECRET: Secret = { headers: {}, blotted: (text) => text };

/** @throws RewardModelBrokenError where a variable that was named is not there, or cannot stand in a header */
export function secretOf({ rewardModel, variable, required, header, readSecret }: SecretSettings): Secret {
  if (variable === null) return NO_SECRET;
  const secret = readSecret(variable);
  if (secret === undefined || secret === '') {
    if (!required) return NO_SECRET;
    throw new RewardModelBrokenError(rewardModel, `expected a key in the variable ${variable}, which is not set`);
  }
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new RewardModelBrokenError(
      rewardModel,
      `expected a key of printable ASCII in the variable ${variable}, without blanks or line ends`,
    );
  }
  const headers = header === undefined ? { authorization: `Bearer ${secret}` } : { [header.toLowerCase()]: secret };
  return { headers, blotted: (text) => text.replaceAll(secret, '[key]') };
}
