/** @file What happens to errors that callers must not see: the wire gets a general message, the log the cause. */
import { Logger } from '@nestjs/common';

/** Message on the wire for whatever is not an `AppError`. */
export const INTERNAL_MESSAGE = 'The service failed for a reason of its own; its log tells more';

const log = new Logger('rpc');

/** Writes an unexpected error to the log, with its stack. */
export function logInternal(error: unknown): void {
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
