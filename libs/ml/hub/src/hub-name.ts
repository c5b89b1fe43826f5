/** @file Names of models on the Hub: `organisation/model`, then `@revision` and `:file.gguf` where wanted. */

export interface HubName {
  /** `organisation/model`. */
  readonly repo: string;
  /** Branch, tag or commit. @default main */
  readonly revision: string;
  /** A GGUF file of the repository; absent for a folder of safetensors. */
  readonly file?: string;
}

const PART = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?';
const PATTERN = new RegExp(`^(${PART}/${PART})(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,200}))?(?::([^:\\\\\\0]+\\.gguf))?$`);
const DEFAULT_REVISION = 'main';

/** The name's parts, or undefined where the text is none. */
export function parseHubName(text: string): HubName | undefined {
  const [, repo, revision = DEFAULT_REVISION, file] = PATTERN.exec(text) ?? [];
  if (repo === undefined || /\.\.|--/.test(repo) || hasOddStep(revision)) return undefined;
  if (file === undefined) return { repo, revision };
  return hasOddStep(file) ? undefined : { repo, revision, file };
}

/** As a person would type it. */
export function hubNameText({ repo, revision, file }: HubName): string {
  const at = revision === DEFAULT_REVISION ? '' : `@${revision}`;
  return `${repo}${at}${file === undefined ? '' : `:${file}`}`;
}

/** Steps that lead out of a folder, or nowhere. */
function hasOddStep(path: string): boolean {
  return path.split('/').some((step) => step === '' || step === '.' || step === '..' || step.endsWith('.lock'));
}
