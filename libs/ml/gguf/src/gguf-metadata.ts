/** @file Typed access to GGUF metadata; a missing or wrong value is named with file and key. */
import type { GgufArray, GgufEntries, GgufValue } from './gguf-value.js';
import { GgufInvalidError } from './gguf.errors.js';

export class GgufMetadata {
  constructor(
    readonly where: string,
    readonly entries: GgufEntries,
  ) {}

  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** A whole number from any of the integer types. */
  integer(key: string): number | undefined {
    const value = this.scalar(key);
    if (value === undefined) return undefined;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    throw this.wrong(key, 'a whole number');
  }

  /** A finite number from any of the numeric types. */
  number(key: string): number | undefined {
    const value = this.scalar(key);
    if (value === undefined) return undefined;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw this.wrong(key, 'a finite number');
  }

  flag(key: string): boolean | undefined {
    const value = this.scalar(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.wrong(key, 'true or false');
  }

  text(key: string): string | undefined {
    const value = this.scalar(key);
    if (value === undefined || typeof value === 'string') return value;
    throw this.wrong(key, 'text');
  }

  texts(key: string): readonly string[] | undefined {
    const found = this.array(key);
    if (found === undefined) return undefined;
    if (found.of === 'string') return found.values;
    throw this.wrong(key, 'a list of texts');
  }

  /** The numbers of a numeric array. */
  numbers(key: string): ArrayLike<number> | undefined {
    const found = this.array(key);
    if (found === undefined) return undefined;
    if (found.of === 'string' || found.of === 'bool' || found.of === 'uint64' || found.of === 'int64') {
      throw this.wrong(key, 'a list of numbers');
    }
    return found.values;
  }

  flags(key: string): readonly boolean[] | undefined {
    const found = this.array(key);
    if (found === undefined) return undefined;
    if (found.of === 'bool') return found.values;
    throw this.wrong(key, 'a list of true and false');
  }

  /** Throws where a value is absent. */
  required<T>(key: string, value: T | undefined): T {
    if (value !== undefined) return value;
    throw new GgufInvalidError(this.where, 'is missing from the metadata', { key });
  }

  wrong(key: string, expected: string): GgufInvalidError {
    return new GgufInvalidError(this.where, `expected ${expected}, got ${described(this.entries.get(key))}`, { key });
  }

  private scalar(key: string): number | bigint | boolean | string | undefined {
    const found = this.entries.get(key);
    if (found?.type === 'array') throw this.wrong(key, 'a single value');
    return found?.value;
  }

  private array(key: string): GgufArray | undefined {
    const found = this.entries.get(key);
    if (found === undefined || found.type === 'array') return found;
    throw this.wrong(key, 'a list');
  }
}

function described(value: GgufValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value.type === 'array') return `${value.values.length} × ${value.of}`;
  return `${value.type} ${String(value.value).slice(0, 200)}`;
}
