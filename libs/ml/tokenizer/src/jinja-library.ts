/**
 * @file What we use of `@huggingface/jinja`, typed: its declarations (0.5) re-export files without extensions, which
 * resolves to nothing under `moduleResolution: nodenext`. Can go once they carry extensions.
 */
import * as library from '@huggingface/jinja';

/** A node of a parsed template; opaque. */
export type TemplateNode = object;

export interface RuntimeValue {
  readonly value: unknown;
}

export interface TemplateEnvironment {
  /** Declares a variable; JavaScript values become the template's. */
  set(name: string, value: unknown): unknown;
}

export interface TemplateInterpreter {
  run(program: TemplateNode): RuntimeValue;
  /** Every node, of every depth, goes through here. */
  evaluate(node: TemplateNode | undefined, environment: TemplateEnvironment): RuntimeValue;
}

interface Library {
  readonly Template: new (source: string) => { readonly parsed: TemplateNode };
  readonly Environment: new () => TemplateEnvironment;
  readonly Interpreter: new (environment: TemplateEnvironment) => TemplateInterpreter;
}

export const { Template, Environment, Interpreter } = library as unknown as Library;
