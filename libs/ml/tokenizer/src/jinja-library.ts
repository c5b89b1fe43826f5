/**
 * @file What we use of `@huggingface/jinja`, typed: its declarations (0.5) re-export files without extensions, which
 * resolves to nothing under `moduleResolution: nodenext`. Can go once they carry extensions.
 */
import * as library from '@huggingface/jinja';

/** A node of a parsed template; opaque. */
export type TemplateNode = object;

export interface RuntimeValue {
  /** The kind of value, for instance `StringValue`. */
  readonly type: string;
  readonly value: unknown;
  /** Numbers as Python writes them; for other kinds see `textOf`. */
  toString(): string;
}

export interface TemplateEnvironment {
  /** Declares a variable; JavaScript values become the template's. */
  set(name: string, value: unknown): RuntimeValue;
}

/** A class only for its types: the library declares `evaluateBlock` private. */
declare abstract class TemplateInterpreter {
  constructor(environment: TemplateEnvironment);
  run(program: TemplateNode): RuntimeValue;
  /** Every node, of every depth, goes through here. */
  evaluate(node: TemplateNode | undefined, environment: TemplateEnvironment): RuntimeValue;
  /** Statements in order; what they write, as one text. */
  protected evaluateBlock(statements: readonly TemplateNode[], environment: TemplateEnvironment): RuntimeValue;
}

interface Library {
  readonly Template: new (source: string) => { readonly parsed: TemplateNode };
  readonly Environment: new () => TemplateEnvironment;
  readonly Interpreter: typeof TemplateInterpreter;
}

export const { Template, Environment, Interpreter } = library as unknown as Library;

/** A JavaScript value as the template's. */
export function runtimeValue(value: unknown): RuntimeValue {
  return new Environment().set('value', value);
}
