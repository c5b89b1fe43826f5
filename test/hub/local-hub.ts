/**
 * @file A server that behaves like the Hugging Face Hub towards those who fetch models: revisions, listings in pages,
 * redirects to a storage of another origin, ranges, and the ways in which all that goes wrong.
 *
 * Shapes of answers and headers as huggingface.co gave them for small public models.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalHubOptions {
  readonly repo: string;
  readonly files: Readonly<Record<string, Buffer | string>>;
  /** Files at least this large lie in the storage, named by SHA-256. @default 1000 */
  readonly largeBytesMin?: number;
  /** Who lacks it is refused. */
  readonly token?: string;
  readonly gated?: boolean;
  /** Entries of a listing in one page. @default 3 */
  readonly pageSize?: number;
}

/** What a test makes go wrong; each is used up. */
export interface Mishaps {
  /** The next answers have this status. */
  readonly statuses: number[];
  /** The storage closes the connection after so many bytes … */
  readonly dropsAfterBytes: number[];
  /** … but not before this many of the file have arrived: what is on its way is lost with a connection. */
  arrived: (fileBytes: number) => Promise<void>;
  /** The storage answers as if it knew no ranges. */
  ignoresRanges: boolean;
  /** The storage alters files. */
  altersFiles: boolean;
}

interface Stored {
  readonly bytes: Buffer;
  readonly oid: string;
  readonly sha256: string;
  readonly isLarge: boolean;
}

export class LocalHub {
  readonly mishaps: Mishaps = {
    statuses: [],
    dropsAfterBytes: [],
    arrived: async () => undefined,
    ignoresRanges: false,
    altersFiles: false,
  };
  /** Method, path and range of every request, in order. */
  readonly requests: string[] = [];
  /** Authorization headers that the storage was sent: none should be. */
  readonly leakedTokens: string[] = [];
  commit = '0123456789abcdef0123456789abcdef01234567';
  #files: ReadonlyMap<string, Stored>;
  readonly #servers: Server[] = [];
  #storage = '';
  endpoint = '';

  private constructor(private readonly options: LocalHubOptions) {
    this.#files = this.stored(options.files);
  }

  static async start(options: LocalHubOptions): Promise<LocalHub> {
    const hub = new LocalHub(options);
    hub.#storage = await hub.listen((request, response) => hub.answerStorage(request, response));
    hub.endpoint = await hub.listen((request, response) => hub.answerHub(request, response));
    return hub;
  }

  /** A new commit on main. */
  push(commit: string, files: LocalHubOptions['files']): void {
    this.commit = commit;
    this.#files = this.stored(files);
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private stored(files: LocalHubOptions['files']): Map<string, Stored> {
    const { largeBytesMin = 1000 } = this.options;
    return new Map(
      Object.entries(files).map(([path, content]) => {
        const bytes = Buffer.from(content);
        const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return [path, { bytes, oid, sha256, isLarge: bytes.length >= largeBytesMin }];
      }),
    );
  }

  private async listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer((request, response) => {
      this.requests.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trim());
      const status = this.mishaps.statuses.shift();
      if (status !== undefined) response.writeHead(status, { 'retry-after': '0' }).end('out of order');
      else answer(request, response);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  private answerHub(request: IncomingMessage, response: ServerResponse): void {
    const { repo, token, gated } = this.options;
    const { pathname, searchParams } = new URL(request.url ?? '', this.endpoint);
    const refuse = (status: number, code: string, error: string) =>
      response
        .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'x-error-code': code })
        .end(JSON.stringify({ error }));
    const isAllowed = token === undefined || request.headers.authorization === `Bearer ${token}`;
    if (!pathname.includes(`/${repo}/`)) return void refuse(401, 'RepoNotFound', 'Repository not found');
    if (!isAllowed) {
      if (gated)
        return void refuse(403, 'GatedRepo', `Access to model ${repo} is restricted. Visit it to ask for access.`);
      return void refuse(401, 'RepoNotFound', 'Invalid username or password.');
    }
    const [, kind, rest = ''] =
      /^(?:\/api\/models)?\/[^/]+\/[^/]+\/(revision|tree|resolve)\/(.*)$/.exec(pathname) ?? [];
    const [revision = '', ...path] = rest.split('/').map(decodeURIComponent);
    if (revision !== 'main' && revision !== this.commit) {
      return void refuse(404, 'RevisionNotFound', `Invalid rev id: ${revision}`);
    }
    if (kind === 'revision') return json(response, { _id: 'x', id: repo, sha: this.commit, siblings: [] });
    if (kind === 'tree') return this.answerListing(response, searchParams, path.join('/'));
    const file = this.#files.get(path.join('/'));
    if (!file) return void refuse(404, 'EntryNotFound', 'Entry not found');
    response.setHeader('x-repo-commit', this.commit);
    if (!file.isLarge) return void response.setHeader('etag', `"${file.oid}"`).end(file.bytes);
    response.setHeader('x-linked-etag', `"${file.sha256}"`).setHeader('x-linked-size', file.bytes.length);
    response.writeHead(302, { location: `${this.#storage}/${file.sha256}` }).end();
  }

  private answerListing(response: ServerResponse, query: URLSearchParams, folder: string): void {
    const { pageSize = 3, repo } = this.options;
    const from = Number(query.get('cursor') ?? 0);
    const prefix = folder === '' ? '' : `${folder}/`;
    const isDeep = query.get('recursive') === 'true';
    const entries = [...this.#files]
      .filter(([path]) => path.startsWith(prefix) && (isDeep || !path.slice(prefix.length).includes('/')))
      .map(([path, { bytes, oid, sha256, isLarge }]) => {
        const lfs = isLarge ? { lfs: { oid: sha256, size: bytes.length, pointerSize: 134 } } : {};
        return { type: 'file', oid, size: bytes.length, path, ...lfs };
      });
    if (from + pageSize < entries.length) {
      const next = `${this.endpoint}/api/models/${repo}/tree/${this.commit}?recursive=${isDeep}&cursor=${from + pageSize}`;
      response.setHeader('link', `<${next}>; rel="next"`);
    }
    json(response, entries.slice(from, from + pageSize));
  }

  private answerStorage(request: IncomingMessage, response: ServerResponse): void {
    const { authorization, range } = request.headers;
    if (authorization !== undefined) this.leakedTokens.push(authorization);
    const file = [...this.#files.values()].find(({ sha256 }) => request.url === `/${sha256}`);
    if (!file) return void response.writeHead(404).end();
    const bytes = this.mishaps.altersFiles ? Buffer.from(file.bytes.map((byte) => byte ^ 1)) : file.bytes;
    const from = this.mishaps.ignoresRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (from >= bytes.length) return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    const isPart = range !== undefined && !this.mishaps.ignoresRanges;
    response.writeHead(isPart ? 206 : 200, {
      'content-length': bytes.length - from,
      ...(isPart && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    });
    const drop = this.mishaps.dropsAfterBytes.shift();
    if (drop === undefined) return void response.end(bytes.subarray(from));
    response.write(bytes.subarray(from, from + drop));
    void this.mishaps.arrived(from + drop).then(() => response.destroy());
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(value));
}
