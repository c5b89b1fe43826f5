/**
 * @file Which adapters are resident: takes them in, lets them go, lists them.
 *
 * An adapter that arrives holds its full size in memory until the engine has it; how many may arrive at once is bounded
 * by the calls that the admin port takes.
 */
import type {
  DropAdapterRequest__Output,
  DropAdapterResponse,
  ListAdaptersRequest__Output,
  ListAdaptersResponse,
  PutAdapterRequest__Output,
  PutAdapterResponse,
} from '#contracts/policy';
import { DTYPE_BYTES, isDigest, type Clock } from '#core';
import { AdapterInvalidError, type BaseShapes } from '#ml/adapters';
import { AdapterTooLargeError, type PolicyEngine } from '#ml/engine';
import type { CallContext } from '#platform/rpc';
import { setGauge } from '#platform/telemetry';
import { RequestCheck } from '../requests/request-check.js';
import { EventLoopShare } from '../units/event-loop-share.js';
import { AdapterAssembly } from './adapter-assembly.js';
import { digestInSlices } from './adapter-digest.js';
import { checkAdapterHeader, elementCountOf, type AdapterHeader } from './adapter-header.js';
import { adapterPage } from './adapter-page.js';
import { toAdapter } from './adapter.mapper.js';
import { AdapterDigestMismatchError } from './adapters.errors.js';

export interface AdapterStoreOptions {
  readonly engine: PolicyEngine;
  readonly clock: Clock;
  /** Most memory for resident adapters; none larger than this is taken in. */
  readonly cacheBytesMax: number;
}

export class AdapterStore {
  readonly #options: AdapterStoreOptions;
  readonly #base: BaseShapes;

  constructor(options: AdapterStoreOptions) {
    this.#options = options;
    this.#base = new Map(options.engine.description.baseTensors.map(({ name, dims }) => [name, dims]));
  }

  /**
   * @throws `ADAPTER_INVALID`, `ADAPTER_DIGEST_MISMATCH`, `TENSOR_SHAPE_MISMATCH`, `TENSOR_DTYPE_UNSUPPORTED`,
   *   `ADAPTER_TOO_LARGE`
   */
  async put(parts: AsyncIterable<PutAdapterRequest__Output>, call: CallContext): Promise<PutAdapterResponse> {
    const { engine, clock } = this.#options;
    let header: AdapterHeader | undefined;
    let assembly: AdapterAssembly | undefined;
    for await (const { header: headerPart, chunk } of parts) {
      if (headerPart) {
        if (header) throw new AdapterInvalidError('adapter stream', 'a second header came');
        header = checkAdapterHeader(headerPart, this.#base);
        this.#expectRoom(header);
        assembly = new AdapterAssembly(header);
      } else if (chunk) {
        if (!assembly) throw new AdapterInvalidError('adapter stream', 'a chunk came before the header');
        assembly.add(chunk);
      }
    }
    call.signal.throwIfAborted();
    if (!header || !assembly) throw new AdapterInvalidError('adapter stream', 'no header came');
    const adapter = assembly.finish();
    const computed = await digestInSlices(adapter, new EventLoopShare(clock, call.signal));
    if (computed !== header.digest) throw new AdapterDigestMismatchError(header.digest, computed);
    const alreadyResident = engine.listAdapters().some(({ digest }) => digest === computed);
    const resident = await engine.putAdapter(computed, adapter);
    this.#recordBytes();
    return { adapter: toAdapter(resident), alreadyResident };
  }

  /** @throws `REQUEST_INVALID` */
  async drop({ digest }: DropAdapterRequest__Output): Promise<DropAdapterResponse> {
    const check = new RequestCheck();
    check.expect(isDigest(digest), 'digest', '`sha256:` and 64 hexadecimal digits', digest);
    check.finish();
    const wasResident = isDigest(digest) && (await this.#options.engine.dropAdapter(digest));
    this.#recordBytes();
    return { wasResident };
  }

  /** @throws `PAGE_TOKEN_INVALID`, `REQUEST_INVALID` */
  list(request: ListAdaptersRequest__Output): ListAdaptersResponse {
    const { adapters, nextPageToken } = adapterPage(this.#options.engine.listAdapters(), request);
    return { adapters: adapters.map(toAdapter), nextPageToken };
  }

  #expectRoom(header: AdapterHeader): void {
    const bytes = elementCountOf(header) * DTYPE_BYTES.f32;
    const { cacheBytesMax } = this.#options;
    if (bytes > cacheBytesMax) throw new AdapterTooLargeError(header.digest, bytes, cacheBytesMax);
  }

  #recordBytes(): void {
    const bytes = this.#options.engine.listAdapters().reduce((sum, { residentBytes }) => sum + residentBytes, 0);
    setGauge('adapterBytes', bytes, { service: 'policy' });
  }
}
