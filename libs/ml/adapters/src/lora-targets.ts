/** @file Which matrices of a base carry an update under a spec, and with which rank and scale each. */
import { loraScale, type LoraSpec, type ModuleNumbers } from './adapter.js';
import { AdapterInvalidError } from './adapter.errors.js';
import { moduleOf, type BaseShapes } from './lora-names.js';

/** A matrix of the base that carries an update. */
export interface LoraTarget {
  /** Name of the base tensor. */
  readonly tensor: string;
  /** R. */
  readonly rank: number;
  /** Factor of B·A. */
  readonly scale: number;
}

const RANK_MAX = 1024;
/** The embedding is a matrix too, but looked up, not multiplied: PEFT updates it by other tensors. */
const EMBEDDING = /(^|\.)embed_tokens$/;

/** Modules of a base that are linear layers, in code-unit order. */
export function linearModules(base: BaseShapes): string[] {
  const matrices = [...base].filter(([name, dims]) => dims.length === 2 && name.endsWith('.weight'));
  return matrices
    .map(([name]) => moduleOf(name))
    .filter((module) => !EMBEDDING.test(module))
    .sort();
}

/** PEFT's rule for lists: the module's full name, or the end of it behind a dot. */
export function isNamedBy(module: string, entry: string): boolean {
  return module === entry || module.endsWith(`.${entry}`);
}

/** What carries an update under a spec, in code-unit order; checks the spec. @throws AdapterInvalidError */
export function loraTargets(spec: LoraSpec, base: BaseShapes, where: string): LoraTarget[] {
  const modules = linearModules(base).filter((module) => spec.targetModules.some((entry) => isNamedBy(module, entry)));
  const problems = [
    ...numberProblems(spec),
    ...spec.targetModules
      .filter((entry) => !modules.some((module) => isNamedBy(module, entry)))
      .map((entry) => `target module ${entry} is in no layer of the base model`),
    ...exceptionProblems('rank', spec.rankByModule, modules),
    ...exceptionProblems('alpha', spec.alphaByModule, modules),
  ];
  if (problems.length > 0) throw new AdapterInvalidError(where, problems.join('; '));
  return modules.map((module) => {
    const rank = numberOf(module, spec.rankByModule) ?? spec.rank;
    const alpha = numberOf(module, spec.alphaByModule) ?? spec.alpha;
    return { tensor: `${module}.weight`, rank, scale: loraScale({ ...spec, rank, alpha }) };
  });
}

/** Checks the numbers of a LoRA spec. @throws AdapterInvalidError */
export function checkLoraSpec(spec: LoraSpec, where: string): void {
  const problems = numberProblems(spec);
  if (problems.length > 0) throw new AdapterInvalidError(where, problems.join('; '));
}

/** What is wrong with ranks and alphas, each with its rule. */
export function numberProblems(
  spec: Pick<LoraSpec, 'rank' | 'alpha' | 'targetModules' | 'rankByModule' | 'alphaByModule'>,
): string[] {
  const ranks: [string, number][] = [['rank', spec.rank], ...namedNumbers('rank', spec.rankByModule)];
  const alphas: [string, number][] = [['alpha', spec.alpha], ...namedNumbers('alpha', spec.alphaByModule)];
  return [
    ...ranks
      .filter(([, rank]) => !Number.isInteger(rank) || rank < 1 || rank > RANK_MAX)
      .map(([name, rank]) => `${name}: expected a whole number from 1 to ${RANK_MAX}, got ${rank}`),
    ...alphas
      .filter(([, alpha]) => !Number.isFinite(alpha) || alpha <= 0)
      .map(([name, alpha]) => `${name}: expected a number above 0, got ${alpha}`),
    ...(spec.targetModules.length === 0 ? ['no target modules'] : []),
  ];
}

function namedNumbers(what: string, numbers: ModuleNumbers = {}): [string, number][] {
  return Object.entries(numbers).map(([module, value]) => [`${what} of ${module}`, value]);
}

/** An exception must be for a target, and no target may have two. */
function exceptionProblems(what: string, numbers: ModuleNumbers = {}, modules: readonly string[]): string[] {
  const entries = Object.keys(numbers);
  const idle = entries.filter((entry) => !modules.some((module) => isNamedBy(module, entry)));
  const torn = modules.filter((module) => entries.filter((entry) => isNamedBy(module, entry)).length > 1);
  return [
    ...idle.map((entry) => `${what} of ${entry}, which is no target module`),
    ...torn.map((module) => `${what} of ${module} is given twice`),
  ];
}

function numberOf(module: string, numbers: ModuleNumbers = {}): number | undefined {
  return Object.entries(numbers).find(([entry]) => isNamedBy(module, entry))?.[1];
}
