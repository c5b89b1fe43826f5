/**
 * @file The log of a service: one JSON object per line, on stderr, since stdout belongs to the ready line.
 */
import type { LoggerService } from '@nestjs/common';
import { currentTraceparent } from '#platform/telemetry';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** Parts of Nest that report every module and route at start-up. */
const QUIET_CONTEXTS: ReadonlySet<string> = new Set([
  'NestFactory',
  'InstanceLoader',
  'NestMicroservice',
  'RoutesResolver',
  'RouterExplorer',
]);

/** Nest's logger, writing lines such as `{"time":…,"level":"info","service":"policy","context":"engine","message":…}`. */
export class JsonLog implements LoggerService {
  readonly #service: string;
  readonly #write: (line: string) => void;

  constructor(service: string, write: (line: string) => void = (line) => void process.stderr.write(line)) {
    this.#service = service;
    this.#write = write;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#line('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#line('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#line('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#line('error', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#line('debug', message, rest);
  }

  /** Nest's loggers append their context last. */
  #line(level: Level, message: unknown, rest: readonly unknown[]): void {
    const last = rest.at(-1);
    const context = typeof last === 'string' ? last : undefined;
    if (level === 'info' && context !== undefined && QUIET_CONTEXTS.has(context)) return;
    const details = rest.slice(0, context === undefined ? undefined : -1).filter((part) => part !== undefined);
    const line = {
      time: new Date().toISOString(),
      level,
      service: this.#service,
      ...(context !== undefined && { context }),
      message: message instanceof Error ? (message.stack ?? message.message) : message,
      ...(details.length > 0 && { details }),
      ...(currentTraceparent() !== undefined && { traceparent: currentTraceparent() }),
    };
    this.#write(`${JSON.stringify(line)}\n`);
  }
}
