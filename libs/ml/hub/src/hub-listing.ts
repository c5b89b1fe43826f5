/** @file What the Hub says about a repository: the commit behind a revision, and the files of a commit. */
import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import { AppError, messageOf } from '#core';
import type { HubClient } from './hub-fetch.js';
import { isCommit } from './hub-cache.js';
import { hubNameText, type HubName } from './hub-name.js';
import { HubAccessDeniedError, HubModelUnknownError, HubUnreachableError } from './hub.errors.js';

export interface HubFile {
  /** Within the repository. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Name of its blob: SHA-256 of a large file, git's SHA-1 of a small one. */
  readonly etag: string;
}

/** No model has as many; a server that lists without end is not waited for. */
const FILES_MAX = 100_000;
const ETAG = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** @throws HubModelUnknownError, HubAccessDeniedError, HubUnreachableError */
export async function commitOf(client: HubClient, name: HubName): Promise<string> {
  const { sha } = await asking(client, name, () =>
    modelInfo({
      name: name.repo,
      revision: name.revision,
      additionalFields: ['sha'],
      hubUrl: client.settings.endpoint,
      fetch: client.fetch,
    }),
  );
  if (typeof sha === 'string' && isCommit(sha)) return sha;
  throw new HubUnreachableError(client.settings.endpoint, `names no commit of ${hubNameText(name)}`);
}

/** The files of a commit: those at the top, or all where the wanted one lies in a folder. */
export async function filesOf(client: HubClient, name: HubName, commit: string): Promise<HubFile[]> {
  return asking(client, name, async () => {
    const files: HubFile[] = [];
    const listing = listFiles({
      repo: name.repo,
      revision: commit,
      recursive: name.file?.includes('/') ?? false,
      hubUrl: client.settings.endpoint,
      fetch: client.fetch,
    });
    for await (const { type, path, size, oid, lfs } of listing) {
      const etag = lfs?.oid ?? oid;
      if (type !== 'file' || typeof path !== 'string' || etag === undefined || !ETAG.test(etag)) continue;
      files.push({ path, sizeBytes: lfs?.size ?? size, etag });
      if (files.length > FILES_MAX) break;
    }
    return files;
  });
}

async function asking<T>(client: HubClient, name: HubName, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    client.signal?.throwIfAborted();
    if (thrown instanceof AppError) throw thrown;
    if (!(thrown instanceof HubApiError)) {
      throw new HubUnreachableError(client.settings.endpoint, `answers oddly: ${messageOf(thrown)}`, { cause: thrown });
    }
    throw refusalOf(client, name, thrown.statusCode, thrown);
  }
}

/** The error behind a status that a repetition would not change. */
export function refusalOf(client: HubClient, name: HubName, status: number, cause: unknown): AppError {
  const { endpoint, token } = client.settings;
  const model = hubNameText(name);
  if (status === 404) return new HubModelUnknownError(model, endpoint, 'model or revision', cause);
  if (status !== 401 && status !== 403) {
    return new HubUnreachableError(endpoint, `answers with status ${status}: ${messageOf(cause)}`, { cause });
  }
  if (/GatedRepo|access to model|is restricted/i.test(messageOf(cause))) {
    const problem = `its authors ask for consent first: accept at ${endpoint}/${name.repo}, then set HF_TOKEN`;
    return new HubAccessDeniedError(model, problem, cause);
  }
  const problem =
    token === undefined
      ? `is unknown to ${endpoint} or private, and no path here: check the name, or set HF_TOKEN`
      : `is refused by ${endpoint} with this token: check the name, and HF_TOKEN`;
  return new HubAccessDeniedError(model, problem, cause);
}
