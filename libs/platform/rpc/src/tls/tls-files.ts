/**
 * @file Certificate files that are read again when they change, without a restart: new connections get the new ones,
 * standing ones go on.
 *
 * The contents are compared, not the times: mounted secrets are exchanged by swapping a link to their folder, of which a
 * watch on the file never hears. A pair that is half written, wrong or expired is refused and logged; the one before stays.
 */
import type { SecureContextOptions } from 'node:tls';
import { AppError, systemClock, type Clock } from '#core';
import { checkTls, readTls, type TlsMaterial, type TlsPaths } from './tls-material.js';

export interface TlsFilesOptions {
  /** How often the files are looked at, in milliseconds. @default 5000 */
  readonly intervalMs?: number;
  /** @default the system's */
  readonly clock?: Pick<Clock, 'nowMs'>;
  /** Hears that files were exchanged, or why they were refused. @default the log */
  readonly onNews?: (text: string, kind: 'exchanged' | 'refused') => void;
}

const INTERVAL_MS = 5000;

export class TlsFiles {
  private readonly listeners = new Set<() => void>();
  private refused: TlsMaterial | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly options: Required<TlsFilesOptions>;

  private constructor(
    readonly paths: TlsPaths,
    private material: TlsMaterial,
    options: Required<TlsFilesOptions>,
  ) {
    this.options = options;
    this.timer = setInterval(() => this.refresh(), options.intervalMs);
    this.timer.unref();
  }

  /** Reads the files, and looks at them again from time to time. @throws AppError naming the file that cannot be used */
  static open(paths: TlsPaths, options: TlsFilesOptions = {}): TlsFiles {
    const { intervalMs = INTERVAL_MS, clock = systemClock, onNews = writeNews } = options;
    const material = readTls(paths);
    checkTls(paths, material, clock.nowMs());
    return new TlsFiles(paths, material, { intervalMs, clock, onNews });
  }

  get current(): TlsMaterial {
    return this.material;
  }

  /** What `node:tls` and `node:https` take; with an authority, whoever connects must show a certificate of it. */
  secureContext(): SecureContextOptions {
    return { ...this.material };
  }

  /** Called after an exchange. Returns what ends it. */
  onExchange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Looks now. */
  refresh(): void {
    let found: TlsMaterial | undefined;
    try {
      found = readTls(this.paths);
      if (isSame(found, this.material) || isSame(found, this.refused)) return;
      checkTls(this.paths, found, this.options.clock.nowMs());
    } catch (thrown) {
      this.refuse(thrown, found);
      return;
    }
    this.material = found;
    this.refused = undefined;
    this.options.onNews(`certificates exchanged: ${Object.values(this.paths).filter(Boolean).join(', ')}`, 'exchanged');
    for (const listener of this.listeners) listener();
  }

  /** No longer looks. */
  close(): void {
    clearInterval(this.timer);
    this.listeners.clear();
  }

  private refuse(thrown: unknown, found: TlsMaterial | undefined): void {
    const isKnown = found === undefined && this.refused !== undefined && Object.keys(this.refused).length === 0;
    this.refused = found ?? {};
    if (isKnown) return; // it cannot be read, as it could not before
    const reason = thrown instanceof AppError ? `${thrown.code}: ${thrown.message}` : String(thrown);
    this.options.onNews(`certificates not exchanged, those from before stay: ${reason}`, 'refused');
  }
}

function isSame(one: TlsMaterial, other: TlsMaterial | undefined): boolean {
  if (other === undefined) return false;
  return (['cert', 'key', 'ca'] as const).every((name) => {
    const [a, b] = [one[name], other[name]];
    return a === undefined || b === undefined ? a === b : a.equals(b);
  });
}

/** Stderr, since stdout belongs to the ready line. */
function writeNews(text: string, kind: 'exchanged' | 'refused'): void {
  const line = { time: new Date().toISOString(), level: kind === 'refused' ? 'warn' : 'info', context: 'tls' };
  process.stderr.write(`${JSON.stringify({ ...line, message: text })}\n`);
}
