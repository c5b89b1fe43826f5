/**
 * @file From PEFT's settings to a spec: which layers of a base `target_modules` and its companions mean, and the rank
 * and alpha of each. Patterns end here; behind it there are names.
 *
 * Source: PEFT 0.21, `tuners_utils.check_target_module_exists`, `_maybe_include_all_linear_layers`, `get_pattern_key`.
 */
import type { LoraSpec, ModuleNumbers } from './adapter.js';
import { AdapterInvalidError } from './adapter.errors.js';
import { moduleOf, moduleSuffix, type BaseShapes } from './lora-names.js';
import { isNamedBy, linearModules, numberProblems } from './lora-targets.js';
import { PatternProblem, matchModules, type ModulePattern } from './module-pattern.js';

/** PEFT's settings of a LoRA adapter, as far as they say which layers it updates and how strongly. */
export interface LoraRules {
  readonly rank: number;
  readonly alpha: number;
  readonly rankStabilized: boolean;
  /** A pattern for whole names, `all-linear`, or a list of names and of their ends. */
  readonly targetModules: string | readonly string[];
  /** Likewise; what it names carries no update. */
  readonly excludeModules?: string | readonly string[] | undefined;
  /** Layers that carry updates. Default all. */
  readonly layersToTransform?: readonly number[] | undefined;
  /** Patterns for the list that layers are counted in, for instance `layers`. Default any. */
  readonly layersPattern?: readonly string[] | undefined;
  /** Pattern for the end of a name → rank; the first that matches counts. */
  readonly rankPattern?: ModuleNumbers | undefined;
  /** Likewise for alpha. */
  readonly alphaPattern?: ModuleNumbers | undefined;
}

export interface ResolveOptions {
  /** Names the settings in errors. */
  readonly where: string;
  /**
   * True refuses names and patterns that match nothing, and the output head, which is not trained here. PEFT passes over
   * what matches nothing, so folders are read with false. @default true
   */
  readonly isStrict?: boolean;
}

const ALL_LINEAR_WORD = 'all-linear';
const HEAD = /(^|\.)lm_head$/;

/** The spec that the settings mean over a base. @throws AdapterInvalidError with everything that is wrong */
export function resolveLora(rules: LoraRules, base: BaseShapes, { where, isStrict = true }: ResolveOptions): LoraSpec {
  const problems: string[] = [];
  const linear = linearModules(base);
  const chosen = chosenModules(rules, { linear, others: otherModules(base, linear), problems, isStrict });
  const ranks = numbersBy(rules.rankPattern, chosen, { setting: 'rank_pattern', problems, isStrict });
  const alphas = numbersBy(rules.alphaPattern, chosen, { setting: 'alpha_pattern', problems, isStrict });
  const targetModules = shortNames(chosen, linear);
  const rankByModule = exceptions(ranks, chosen, rules.rank);
  const alphaByModule = exceptions(alphas, chosen, rules.alpha);
  const spec: LoraSpec = {
    kind: 'lora',
    rank: rules.rank,
    alpha: rules.alpha,
    rankStabilized: rules.rankStabilized,
    targetModules,
    ...(rankByModule && { rankByModule }),
    ...(alphaByModule && { alphaByModule }),
  };
  problems.push(...numberProblems(spec).filter((problem) => targetModules.length > 0 || !problem.startsWith('no ')));
  if (problems.length > 0) throw new AdapterInvalidError(where, problems.join('; '));
  return spec;
}

interface Choice {
  readonly linear: readonly string[];
  /** Modules that a rule may name but that cannot carry an update: norms, the embedding, whole layers. */
  readonly others: readonly string[];
  readonly problems: string[];
  readonly isStrict: boolean;
}

function chosenModules(rules: LoraRules, { linear, others, problems, isStrict }: Choice): string[] {
  const { targetModules, excludeModules = [], layersToTransform = [], layersPattern = [] } = rules;
  if (typeof targetModules === 'string' && layersToTransform.length > 0) {
    problems.push('layers_to_transform goes with a list of target_modules, not with a pattern');
  }
  if (layersPattern.length > 0 && layersToTransform.length === 0) {
    problems.push('layers_pattern needs layers_to_transform');
  }
  const names = [...linear, ...others];
  const excluded = namedBy(excludeModules, names, { setting: 'exclude_modules', problems });
  const isAll = typeof targetModules === 'string' && targetModules.toLowerCase() === ALL_LINEAR_WORD;
  const named = isAll
    ? new Set(linear.filter((module) => !HEAD.test(module)))
    : namedBy(targetModules, names, { setting: 'target_modules', problems });
  const inLayers = layersToTransform.length === 0 ? undefined : layersOf(names, layersPattern, problems);
  const found = names.filter((module) => {
    if (!named.has(module) || excluded.has(module)) return false;
    return inLayers === undefined || layersToTransform.includes(inLayers.get(module) ?? -1);
  });
  const [wrong] = found.filter((module) => !linear.includes(module));
  if (wrong !== undefined) problems.push(`target_modules match ${wrong}, which is no linear layer`);
  const idle =
    typeof targetModules === 'string'
      ? []
      : targetModules.filter((entry) => !names.some((module) => isNamedBy(module, entry)));
  if (isStrict) {
    problems.push(...idle.map((entry) => `target module ${entry} is in no layer of the base model`));
    if (found.some((module) => HEAD.test(module)))
      problems.push('target_modules match the output head, which is not trained here');
  }
  if (found.length === 0 && problems.length === 0) {
    problems.push(`target_modules ${JSON.stringify(targetModules)} match no linear layer of the base model`);
  }
  return found.filter((module) => linear.includes(module));
}

/** The modules that a list or a pattern names. */
function namedBy(
  rule: string | readonly string[],
  names: readonly string[],
  { setting, problems }: { readonly setting: string; readonly problems: string[] },
): ReadonlySet<string> {
  if (typeof rule !== 'string')
    return new Set(names.filter((module) => rule.some((entry) => isNamedBy(module, entry))));
  return matches([{ text: rule, use: 'whole' }], names, setting, problems)[0] ?? new Set();
}

/** The layer that each module is in: its first number behind the name of a list, which a pattern may give. */
function layersOf(modules: readonly string[], patterns: readonly string[], problems: string[]): Map<string, number> {
  const numbered = (module: string) =>
    [...module.matchAll(/\.(\d+)(?=\.)/g)].map(({ index, 1: layer }) => ({ list: module.slice(0, index), layer }));
  const lists = [...new Set(modules.flatMap((module) => numbered(module).map(({ list }) => list)))];
  const endings = patterns.map((text): ModulePattern => ({ text, use: 'ending' }));
  // Without a pattern PEFT asks for a name in front of the list's.
  const known =
    patterns.length === 0
      ? [new Set(lists.filter((list) => list.includes('.')))]
      : matches(endings, lists, 'layers_pattern', problems);
  const layers = new Map<string, number>();
  for (const module of modules) {
    const [first] = known.flatMap((set) => numbered(module).filter(({ list }) => set.has(list)));
    if (first) layers.set(module, Number(first.layer));
  }
  return layers;
}

/** The number that the first matching pattern gives to each module. */
function numbersBy(
  patterns: ModuleNumbers = {},
  modules: readonly string[],
  {
    setting,
    problems,
    isStrict,
  }: { readonly setting: string; readonly problems: string[]; readonly isStrict: boolean },
): Map<string, number> {
  const entries = Object.entries(patterns);
  const found = matches(
    entries.map(([text]) => ({ text, use: 'ending' })),
    modules,
    setting,
    problems,
  );
  const numbers = new Map<string, number>();
  entries.forEach(([text, value], index) => {
    const matched = found[index] ?? new Set<string>();
    if (isStrict && matched.size === 0) problems.push(`${setting}: ${text} matches no target module`);
    for (const module of matched) if (!numbers.has(module)) numbers.set(module, value);
  });
  return numbers;
}

function matches(
  patterns: readonly ModulePattern[],
  names: readonly string[],
  setting: string,
  problems: string[],
): ReadonlySet<string>[] {
  return matchModules(patterns, names).map((result) => {
    if (!(result instanceof PatternProblem)) return result;
    problems.push(`${setting}: ${result.problem}`);
    return new Set<string>();
  });
}

/** Norms, the embedding, and everything that holds other modules. */
function otherModules(base: BaseShapes, linear: readonly string[]): string[] {
  const others = new Set<string>();
  for (const name of base.keys()) {
    const parts = moduleOf(name).split('.');
    parts.forEach((_, index) => others.add(parts.slice(0, index + 1).join('.')));
  }
  for (const module of linear) others.delete(module);
  return [...others].sort();
}

/** `q_proj` where every such layer is chosen, else full names; sorted. */
function shortNames(chosen: readonly string[], linear: readonly string[]): string[] {
  const isWhole = (suffix: string) =>
    linear.every((module) => moduleSuffix(module) !== suffix || chosen.includes(module));
  const names = chosen.map((module) => (isWhole(moduleSuffix(module)) ? moduleSuffix(module) : module));
  return [...new Set(names)].sort();
}

/** Numbers other than the usual one, by suffix where all chosen modules of a suffix share theirs. */
function exceptions(
  numbers: ReadonlyMap<string, number>,
  chosen: readonly string[],
  usual: number,
): ModuleNumbers | undefined {
  const valueOf = (module: string): number => numbers.get(module) ?? usual;
  const entries = chosen
    .filter((module) => valueOf(module) !== usual)
    .map((module): [string, number] => {
      const suffix = moduleSuffix(module);
      const isShared = chosen.every((other) => moduleSuffix(other) !== suffix || valueOf(other) === valueOf(module));
      return [isShared ? suffix : module, valueOf(module)];
    });
  return entries.length === 0 ? undefined : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
