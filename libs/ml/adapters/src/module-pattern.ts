/**
 * @file Python's regular expressions, as PEFT's settings hold them, against module names: translated, and matched in
 * bounded time, since a pattern may come from a stranger's file.
 *
 * What the two dialects write differently is rewritten; what JavaScript lacks is refused by name.
 * Source: Python's `re` module, https://docs.python.org/3/library/re.html.
 */
import { Script, createContext } from 'node:vm';
import { messageOf } from '#core';

/** How PEFT applies a pattern: to a whole name (`re.fullmatch`), or to the end of one, behind a dot. */
export type PatternUse = 'whole' | 'ending';

export interface ModulePattern {
  readonly text: string;
  readonly use: PatternUse;
}

/** A pattern that cannot be applied, and why. */
export class PatternProblem {
  constructor(readonly problem: string) {}
}

const PATTERN_CHARACTERS_MAX = 10_000;
/** For all names together; a sane pattern takes a thousandth of it. */
const MATCH_TIMEOUT_MS = 1000;

/** `(?P<x>` … in Python's spelling, and the openings of groups that both know. */
const GROUP = /^\((?:\?P<(?<name>\w+)>|\?P=(?<back>\w+)\)|\?(?::|=|!|<=|<!)|(?!\?))/;
const SYNTAX = '^$\\.*+?()[]{}|/';

/** For each pattern the names it matches, or why it cannot be applied. */
export function matchModules(
  patterns: readonly ModulePattern[],
  names: readonly string[],
): (ReadonlySet<string> | PatternProblem)[] {
  return patterns.map((pattern) => {
    const expression = compiled(pattern);
    return expression instanceof PatternProblem ? expression : matched(expression, names, pattern.text);
  });
}

function compiled({ text, use }: ModulePattern): RegExp | PatternProblem {
  if (text.length > PATTERN_CHARACTERS_MAX) {
    return new PatternProblem(`a pattern of ${text.length} characters; at most ${PATTERN_CHARACTERS_MAX} are taken`);
  }
  const flags = use === 'whole' ? (/^\(\?([ais]+)\)/.exec(text)?.[1] ?? '') : '';
  const source = translated(flags === '' ? text : text.slice(flags.length + 3));
  if (source instanceof PatternProblem) return source;
  // Both groups of PEFT's own expression are kept, so that back references count the same.
  const whole = use === 'whole' ? `^(?:${source})$` : `^(.*\\.)?(${source})$`;
  try {
    return new RegExp(whole, `u${flags.replace('a', '')}`);
  } catch (cause) {
    return new PatternProblem(`the pattern ${JSON.stringify(text)} cannot be read: ${messageOf(cause)}`);
  }
}

/** Runs in a context of its own: the only way to stop an expression that backtracks for ever. */
function matched(expression: RegExp, names: readonly string[], text: string): ReadonlySet<string> | PatternProblem {
  const { source, flags } = expression;
  const context = createContext({ input: JSON.stringify({ source, flags, names }) });
  const script = new Script(
    'const { source, flags, names } = JSON.parse(input); const expression = new RegExp(source, flags);' +
      'JSON.stringify(names.filter((name) => expression.test(name)))',
  );
  try {
    return new Set(JSON.parse(String(script.runInContext(context, { timeout: MATCH_TIMEOUT_MS }))) as string[]);
  } catch (cause) {
    return new PatternProblem(`the pattern ${JSON.stringify(text)} cannot be matched: ${messageOf(cause)}`);
  }
}

/** Python's pattern as JavaScript's, for the flag `u`. */
function translated(text: string): string | PatternProblem {
  let source = '';
  let isClass = false;
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    if (rest[0] === '\\') {
      const escape = escaped(rest[1] ?? '', isClass);
      if (escape === undefined) {
        return new PatternProblem(
          `the pattern ${JSON.stringify(text)} uses ${rest.slice(0, 2)}, which is not supported`,
        );
      }
      source += escape;
      at += 2;
    } else if (isClass) {
      isClass = rest[0] !== ']';
      source += rest[0];
      at += 1;
    } else if (rest[0] === '[') {
      const [opening] = /^\[\^?\]?/.exec(rest) as RegExpExecArray;
      // A bracket that comes first is a member of the class in Python; in JavaScript it would close it.
      source += opening.replace(']', '\\]');
      isClass = true;
      at += opening.length;
    } else if (rest[0] === '(') {
      const group = GROUP.exec(rest);
      if (!group) {
        return new PatternProblem(
          `the pattern ${JSON.stringify(text)} uses ${rest.slice(0, 3)}, which is not supported`,
        );
      }
      const { name, back } = group.groups ?? {};
      source += name ? `(?<${name}>` : back ? `\\k<${back}>` : group[0];
      at += group[0].length;
    } else {
      source += rest[0];
      at += 1;
    }
  }
  return source;
}

function escaped(character: string, isClass: boolean): string | undefined {
  if (/[dDsSwWnrtfv0-9]/.test(character)) return `\\${character}`;
  if (!isClass && /[bB]/.test(character)) return `\\${character}`;
  if (!isClass && character === 'A') return '(?<![^])';
  if (!isClass && character === 'Z') return '(?![^])';
  if (/[a-zA-Z]/.test(character) || character === '') return undefined;
  return SYNTAX.includes(character) || (isClass && character === '-') ? `\\${character}` : character;
}
