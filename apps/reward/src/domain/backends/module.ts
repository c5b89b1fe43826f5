/**
 * @file A reward written as a JavaScript module.
 *
 * The module exports `score(request, { signal })` and may export `scoreMin` and `scoreMax`:
 *
 *   request  { prompt: { messages: [{ role, content }], text }, response, truncated, idempotencyKey? }
 *   result   a number, or { score, components: { name: number } }; also as a promise
 *
 * Its digest covers the bytes of this one file, not of what the file imports.
 */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { digestOf } from '#core';
import type { Score, ScoreRequest } from '../reward-backend.js';
import type { Scorer } from './scorer.js';

type ScoreFunction = (request: ScoreRequest, options: { signal: AbortSignal }) => unknown;

/** Raised when the module or what it returns is not as agreed; its message is what the caller reads. */
export class ModuleContractError extends TypeError {
  override readonly name = 'ModuleContractError';
}

export async function loadModule(path: string): Promise<Scorer> {
  const weightsDigest = digestOf(await readFile(path));
  const exported = await exportsOf(path);
  const { score, scoreMin, scoreMax } = exported;
  if (score !== undefined && typeof score !== 'function') {
    throw new ModuleContractError(`its export "score" is ${kindOf(score)}, not a function`);
  }
  if (score === undefined) {
    throw new ModuleContractError(
      `it exports no function "score" but ${Object.keys(exported).join(', ') || 'nothing'}`,
    );
  }
  const bounds = { ...boundOf('scoreMin', scoreMin), ...boundOf('scoreMax', scoreMax) };
  if ((bounds.scoreMin ?? -Infinity) > (bounds.scoreMax ?? Infinity)) {
    throw new ModuleContractError(`its "scoreMin" of ${bounds.scoreMin} is above its "scoreMax" of ${bounds.scoreMax}`);
  }
  return {
    weightsDigest,
    ...bounds,
    score: async (request, signal) => toScore(await (score as ScoreFunction)(request, { signal })),
  };
}

async function exportsOf(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (thrown) {
    // The message does not say which file it is about.
    if (thrown instanceof SyntaxError)
      throw new ModuleContractError(`${path}, or what it imports, does not parse: ${thrown.message}`);
    throw thrown;
  }
}

function boundOf<Name extends 'scoreMin' | 'scoreMax'>(name: Name, value: unknown): { [N in Name]?: number } {
  if (value === undefined) return {};
  if (typeof value === 'number' && Number.isFinite(value)) return { [name]: value } as { [N in Name]?: number };
  throw new ModuleContractError(`its export "${name}" is not a finite number`);
}

/** What the module returned as a score. NaN and infinities pass: they get their own status outside. */
export function toScore(returned: unknown): Score {
  if (typeof returned === 'number') return { score: returned, components: {} };
  if (typeof returned !== 'object' || returned === null || !('score' in returned)) {
    throw new ModuleContractError(`it returned ${kindOf(returned)} instead of a number or { score, components }`);
  }
  const { score } = returned;
  const components = 'components' in returned ? (returned.components ?? {}) : {};
  if (typeof score !== 'number') throw new ModuleContractError(`its "score" is ${kindOf(score)}, not a number`);
  if (typeof components !== 'object')
    throw new ModuleContractError(`its "components" are ${kindOf(components)}, not an object`);
  const wrong = Object.entries(components).find(([, value]) => typeof value !== 'number');
  if (wrong) throw new ModuleContractError(`its component "${wrong[0]}" is ${kindOf(wrong[1])}, not a number`);
  return { score, components: { ...components } as Record<string, number> };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
