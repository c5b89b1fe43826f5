/**
 * @file One file of the Hub into its blob, going on where an earlier attempt ended.
 *
 * The library at hand begins anew after each broken connection, so this is done over the Hub's documented addresses:
 * GET {endpoint}/{repo}/resolve/{commit}/{file}, with Range. Bytes are hashed as they come; a blob gets its name only when
 * size and digest are those that the Hub announced.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withFileLock } from './file-lock.js';
import { isWhole, type HubCache } from './hub-cache.js';
import { reasonOf, type HubClient } from './hub-fetch.js';
import { refusalOf, type HubFile } from './hub-listing.js';
import type { HubName } from './hub-name.js';
import { HubFileDamagedError, HubUnreachableError } from './hub.errors.js';

export interface BlobDownload {
  readonly client: HubClient;
  readonly cache: HubCache;
  readonly name: HubName;
  readonly commit: string;
  readonly file: HubFile;
  /** Told the bytes of the file that are here. */
  readonly onBytes: (doneBytes: number) => void;
}

/** A digest that differs may be a disturbance; twice it is not. */
const FETCHES_MAX = 2;

/** Makes sure that the file's blob is in the cache. Processes that want the same file wait for one of them. */
export async function downloadBlob(download: BlobDownload): Promise<void> {
  const { cache, file, client } = download;
  const blob = cache.blob(file.etag);
  await mkdir(dirname(blob), { recursive: true });
  await withFileLock(join(cache.locksDir, `${file.etag}.metaapo.lock`), client.signal, async () => {
    if (await isWhole(blob, file.sizeBytes)) return;
    const partial = `${blob}.metaapo.incomplete`;
    for (let fetches = 1; ; fetches++) {
      const digest = await fetchWhole(download, partial);
      if (digest === file.etag) break;
      await rm(partial);
      if (fetches === FETCHES_MAX) throw new HubFileDamagedError(urlOf(download), `digest ${file.etag}`, digest);
    }
    await rename(partial, blob);
  });
}

/** Fetches what is missing of the partial file; gives the digest of the whole. */
async function fetchWhole(download: BlobDownload, partial: string): Promise<string> {
  const { client, file, onBytes } = download;
  const found = await stat(partial).catch(() => undefined);
  const handle = await open(partial, found !== undefined && found.size <= file.sizeBytes ? 'r+' : 'w+');
  try {
    const progress = new Progress(handle, file, onBytes);
    await progress.takeOver(partial);
    for (let attempt = 1; progress.doneBytes < file.sizeBytes; attempt++) {
      const before = progress.doneBytes;
      const failure = await fetchMore(download, progress);
      if (failure === undefined) break;
      if (progress.doneBytes > before) attempt = 1; // what moves is not given up
      if (attempt >= client.attemptsMax) throw failure;
      await client.pause(attempt, failure.retryAfterMs);
    }
    await handle.sync();
    return progress.digestHex();
  } finally {
    await handle.close();
  }
}

/** One request for the rest of the file. Gives what went wrong, if it may go right next time. */
async function fetchMore(download: BlobDownload, progress: Progress): Promise<HubUnreachableError | undefined> {
  const { client, name, file } = download;
  const url = urlOf(download);
  const { endpoint } = client.settings;
  const silence = new AbortController();
  const from = progress.doneBytes;
  const range = from > 0 ? { range: `bytes=${from}-` } : undefined;
  const answer = await client.once(url, { headers: range ?? {}, signal: silence.signal });
  if (!(answer instanceof Response)) return answer;
  if (answer.status === 416 || (answer.status === 206 && !continuesAt(answer, from))) {
    await answer.body?.cancel();
    await progress.restart();
    return new HubUnreachableError(endpoint, `cannot go on with ${file.path} at byte ${from}`);
  }
  if (!answer.ok || answer.body === null) throw refusalOf(client, name, answer.status, await complaintOf(answer));
  if (answer.status !== 206) await progress.restart(); // the server began at the beginning
  const giveUp = () => silence.abort(new Error(`silent for ${client.silenceMsMax} ms`));
  let timer = setTimeout(giveUp, client.silenceMsMax);
  try {
    for await (const chunk of answer.body) {
      clearTimeout(timer);
      await progress.append(chunk, url);
      timer = setTimeout(giveUp, client.silenceMsMax);
    }
    if (progress.doneBytes === file.sizeBytes) return undefined;
    return new HubUnreachableError(endpoint, `${file.path} ended at byte ${progress.doneBytes}`);
  } catch (thrown) {
    client.signal?.throwIfAborted();
    if (thrown instanceof HubFileDamagedError || isFileSystemError(thrown)) throw thrown;
    return new HubUnreachableError(endpoint, `${file.path} broke off: ${reasonOf(thrown)}`, { cause: thrown });
  } finally {
    clearTimeout(timer);
  }
}

/** The part of a file that is here, and its digest so far. */
class Progress {
  doneBytes = 0;
  #hash: Hash;

  constructor(
    private readonly handle: FileHandle,
    private readonly file: HubFile,
    private readonly onBytes: (doneBytes: number) => void,
  ) {
    this.#hash = hashFor(file);
  }

  /** Hashes what an earlier attempt left. */
  async takeOver(partial: string): Promise<void> {
    for await (const chunk of createReadStream(partial) as AsyncIterable<Buffer>) {
      this.#hash.update(chunk);
      this.doneBytes += chunk.byteLength;
    }
    if (this.doneBytes > 0) this.onBytes(this.doneBytes);
  }

  async append(chunk: Uint8Array, url: string): Promise<void> {
    const { sizeBytes } = this.file;
    if (this.doneBytes + chunk.byteLength > sizeBytes) {
      await this.restart();
      throw new HubFileDamagedError(url, `${sizeBytes} bytes`, 'more');
    }
    for (let at = 0; at < chunk.byteLength;) {
      at += (await this.handle.write(chunk, at, chunk.byteLength - at, this.doneBytes + at)).bytesWritten;
    }
    this.#hash.update(chunk);
    this.doneBytes += chunk.byteLength;
    this.onBytes(this.doneBytes);
  }

  async restart(): Promise<void> {
    await this.handle.truncate(0);
    this.#hash = hashFor(this.file);
    this.doneBytes = 0;
    this.onBytes(0);
  }

  digestHex(): string {
    return this.#hash.digest('hex');
  }
}

/** Large files are named by SHA-256; small ones by git, which puts kind and size before the bytes. */
function hashFor({ etag, sizeBytes }: HubFile): Hash {
  return etag.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${sizeBytes}\0`);
}

function urlOf({ client, name, commit, file }: BlobDownload): string {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return `${client.settings.endpoint}/${name.repo}/resolve/${commit}/${path}`;
}

function continuesAt({ headers }: Response, from: number): boolean {
  return headers.get('content-range')?.startsWith(`bytes ${from}-`) ?? false;
}

const COMPLAINT_CHARACTERS_MAX = 300;

async function complaintOf(answer: Response): Promise<Error> {
  const text = await answer.text().catch(() => '');
  const code = answer.headers.get('x-error-code') ?? '';
  return new Error(`${code} ${text.slice(0, COMPLAINT_CHARACTERS_MAX)}`.trim());
}

function isFileSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'write';
}
