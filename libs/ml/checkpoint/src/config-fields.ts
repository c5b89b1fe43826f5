/** @file Typed access to the fields of a JSON object from a foreign file; a wrong type is named with file and field. */
import { ModelConfigInvalidError } from './checkpoint.errors.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class ConfigFields {
  constructor(
    readonly path: string,
    private readonly fields: JsonObject,
  ) {}

  /** The raw value; `null` and absence are both `undefined`. */
  raw(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? (this.fields[name] ?? undefined) : undefined;
  }

  /** Present, as null. */
  isNull(name: string): boolean {
    return Object.hasOwn(this.fields, name) && this.fields[name] === null;
  }

  isEmpty(): boolean {
    return Object.keys(this.fields).length === 0;
  }

  /** A whole number ≥ 1. */
  size(name: string, fallback?: number): number {
    const value = this.raw(name) ?? fallback;
    if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
    throw this.wrong(name, 'a whole number of at least 1', value);
  }

  /** A whole number ≥ 0. */
  count(name: string, fallback: number): number {
    const value = this.raw(name) ?? fallback;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw this.wrong(name, 'a whole number of at least 0', value);
  }

  /** A finite number above 0. */
  positive(name: string, fallback?: number): number {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw this.wrong(name, 'a number above 0', value);
  }

  /** A list of so many finite numbers above 0. */
  numbers(name: string, length: number): number[] {
    const value = this.raw(name);
    const isList = Array.isArray(value) && value.length === length;
    if (isList && value.every((item) => typeof item === 'number' && Number.isFinite(item) && item > 0)) return value;
    throw this.wrong(name, `a list of ${length} numbers above 0`, value);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.wrong(name, 'true or false', value);
  }

  text(name: string, fallback?: string): string {
    const value = this.raw(name) ?? fallback;
    if (typeof value === 'string') return value;
    throw this.wrong(name, 'text', value);
  }

  /** A token id, or null where it is null or a list; the fallback where it is absent. */
  tokenId(name: string, fallback: number | null = null): number | null {
    if (this.raw(name) === undefined) return this.isNull(name) ? null : fallback;
    const [only, ...rest] = this.tokenIds(name);
    return rest.length === 0 ? (only ?? null) : null;
  }

  /** One token id or a list of them; empty where null, the fallback where absent. */
  tokenIds(name: string, fallback: number | null = null): number[] {
    const value = this.raw(name) ?? (this.isNull(name) ? undefined : (fallback ?? undefined));
    const ids: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
    if (ids.every((id): id is number => Number.isSafeInteger(id) && (id as number) >= 0)) return ids;
    throw this.wrong(name, 'a token id or a list of token ids', value);
  }

  /** A nested object, or undefined where absent. */
  nested(name: string): ConfigFields | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (isJsonObject(value)) return new ConfigFields(`${this.path} (${name})`, value);
    throw this.wrong(name, 'an object', value);
  }

  wrong(name: string, expected: string, got: unknown): ModelConfigInvalidError {
    const shown = got === undefined ? 'nothing' : JSON.stringify(got).slice(0, 200);
    return new ModelConfigInvalidError(this.path, `${name}: expected ${expected}, got ${shown}`);
  }
}
