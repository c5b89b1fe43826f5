/**
 * @file A model of the Hub as a path on this machine: its snapshot in the cache, completed where files are missing.
 *
 * A commit never changes, so one that is complete is used without asking. A branch is asked for each time; when the Hub
 * does not answer and the cache holds the model as it last was, that is used and said.
 */
import { join } from 'node:path';
import { messageOf } from '#core';
import { downloadBlob } from './download-blob.js';
import { HubCache, isCommit, isWhole } from './hub-cache.js';
import { HubClient, type Patience } from './hub-fetch.js';
import { commitOf, filesOf, type HubFile } from './hub-listing.js';
import { hubNameText, type HubName } from './hub-name.js';
import type { HubSettings } from './hub-settings.js';
import { HubCacheUnusableError, HubModelUnusableError, HubNotCachedError, HubUnreachableError } from './hub.errors.js';
import { firstFiles, missingFrom, shardFiles } from './needed-files.js';

export interface HubProgress {
  readonly model: string;
  /** Of all files that are known to be needed. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface FetchModelOptions {
  readonly settings: HubSettings;
  readonly onProgress?: ((progress: HubProgress) => void) | undefined;
  /** One sentence about something that a person should know. */
  readonly onNotice?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly patience?: Patience;
}

/** Path of the model's folder, or of its GGUF file. @throws the errors of `hub.errors.ts` */
export async function fetchModel(name: HubName, options: FetchModelOptions): Promise<string> {
  const { settings, onNotice, signal, patience } = options;
  const cache = new HubCache(settings.cacheDir, name.repo);
  const cached = await cachedModel(cache, name);
  if (cached.path !== undefined && (settings.offline || isCommit(name.revision))) return cached.path;
  if (settings.offline) throw new HubNotCachedError(hubNameText(name), settings.cacheDir, cached.missing ?? '');
  try {
    return await new ModelFetch(new HubClient(settings, signal, patience), cache, name, options).run();
  } catch (thrown) {
    if (thrown instanceof HubUnreachableError && cached.path !== undefined) {
      onNotice?.(`${hubNameText(name)}: using the cached commit, since ${messageOf(thrown)}`);
      return cached.path;
    }
    const code = (thrown as NodeJS.ErrnoException | null)?.code ?? '';
    if (!/^E(ACCES|PERM|ROFS|NOSPC|DQUOT|NOTDIR|IO)$/.test(code)) throw thrown;
    throw new HubCacheUnusableError(settings.cacheDir, messageOf(thrown), thrown);
  }
}

interface Cached {
  readonly path?: string;
  /** What the cache lacks, as a subject and its verb; absent when it lacks nothing. */
  readonly missing?: string;
}

/** What the cache alone has to offer. */
async function cachedModel(cache: HubCache, { revision, file }: HubName): Promise<Cached> {
  const commit = await cache.commitOf(revision);
  if (commit === undefined) return { missing: `revision ${revision} is` };
  const snapshot = cache.snapshot(commit);
  const missing = await missingFrom(snapshot, file).catch(() => 'its index');
  if (missing === undefined) return { path: file === undefined ? snapshot : join(snapshot, file) };
  return { missing: `${missing} is` };
}

/** One model's way into the cache. */
class ModelFetch {
  #doneBytes = 0;
  #totalBytes = 0;

  constructor(
    private readonly client: HubClient,
    private readonly cache: HubCache,
    private readonly name: HubName,
    private readonly options: FetchModelOptions,
  ) {}

  async run(): Promise<string> {
    const { cache, client, name } = this;
    const commit = await commitOf(client, name);
    const listed = new Map((await filesOf(client, name, commit)).map((file) => [file.path, file]));
    const model = hubNameText(name);
    const { files, gguf } = firstFiles(model, [...listed.keys()], name.file);
    const wanted = (path: string): HubFile => {
      const file = listed.get(path);
      if (file) return file;
      throw new HubModelUnusableError(model, `its index names ${path}, which it lacks: choose another revision`);
    };
    await this.fetchAll(files.map(wanted), commit);
    const snapshot = cache.snapshot(commit);
    if (gguf === undefined) await this.fetchAll((await shardFiles(snapshot)).map(wanted), commit);
    await cache.rememberCommit(name.revision, commit);
    return gguf === undefined ? snapshot : join(snapshot, gguf);
  }

  /** One file after the other: a single connection fills most lines, and resumes simply. */
  private async fetchAll(files: readonly HubFile[], commit: string): Promise<void> {
    const { cache, client, name } = this;
    const missing: HubFile[] = [];
    for (const file of files) {
      if (!(await isWhole(join(cache.snapshot(commit), file.path), file.sizeBytes))) missing.push(file);
    }
    for (const { sizeBytes } of missing) this.#totalBytes += sizeBytes;
    for (const file of missing) {
      const before = this.#doneBytes;
      const onBytes = (bytes: number) => this.report(before + bytes);
      if (!(await isWhole(cache.blob(file.etag), file.sizeBytes))) {
        await downloadBlob({ client, cache, name, commit, file, onBytes });
      }
      await cache.show(file.etag, commit, file.path);
      this.report(before + file.sizeBytes);
    }
  }

  private report(doneBytes: number): void {
    this.#doneBytes = doneBytes;
    this.options.onProgress?.({ model: hubNameText(this.name), doneBytes, totalBytes: this.#totalBytes });
  }
}
