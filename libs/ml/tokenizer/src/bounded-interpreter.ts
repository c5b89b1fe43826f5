/**
 * @file Runs a chat template within bounds. A template comes with a model from anywhere; one that loops for ever, or builds
 * a text without end, must fail like any other and not take the process with it.
 *
 * Every step of the interpreter costs one unit, and more where what it gives is large; values themselves may not exceed a
 * size. Both are counted, not timed, so that the same template fails, or does not, on every machine. Templates have no
 * way to files, modules or the clock: the environment holds what stands here and nothing else.
 */
import { Environment, type RuntimeValue, type TemplateEnvironment, type TemplateNode } from './jinja-library.js';
import { PythonInterpreter } from './python-interpreter.js';
import { TemplateBoundExceededError } from './tokenizer.errors.js';

/** A long conversation under the longest template in use takes some ten thousand. */
const STEPS_MAX = 1_000_000;
/** Elements of a list or object, with all that is in them; characters of a text count less. */
const SIZE_MAX = 1_000_000;
const CHARACTERS_PER_UNIT = 64;
/** What is done with a list may take each of its elements in hand, within the library and unseen from here. */
const ELEMENTS_PER_UNIT = 32;

/** Renders a parsed template. @throws TemplateBoundExceededError, and whatever the template raises */
export function renderBounded(program: TemplateNode, variables: Readonly<Record<string, unknown>>): string {
  const environment = new Environment();
  for (const [name, value] of Object.entries({ ...GLOBALS, ...variables })) environment.set(name, value);
  return String(new BoundedInterpreter(environment).run(program).value);
}

class BoundedInterpreter extends PythonInterpreter {
  private steps = 0;
  /** Nodes that give what a loop runs over. */
  private readonly loops = new WeakSet<object>();
  private readonly sizes = new WeakMap<object, number>();

  override evaluate(node: TemplateNode | undefined, environment: TemplateEnvironment): RuntimeValue {
    this.spend(1);
    if (node && 'iterable' in node) this.noteLoop(node.iterable as object);
    const result = super.evaluate(node, environment);
    const { value } = result;
    if (typeof value === 'string') this.spend(value.length / CHARACTERS_PER_UNIT);
    if (Array.isArray(value)) {
      // A loop takes a step per element, even over an empty body.
      this.spend(node && this.loops.has(node) ? value.length : value.length / ELEMENTS_PER_UNIT);
    }
    this.sizeOf(result);
    return result;
  }

  /** With a condition (`for … if …`) the list stands to its left. */
  private noteLoop(iterable: object): void {
    this.loops.add('test' in iterable && 'lhs' in iterable ? (iterable.lhs as object) : iterable);
  }

  protected override spend(steps: number): void {
    this.steps += steps;
    if (this.steps > STEPS_MAX) throw new TemplateBoundExceededError('steps', STEPS_MAX);
  }

  /** Units of a value with all that is in it; each container is measured when it is first seen. */
  private sizeOf(result: object): number {
    const { value } = result as { readonly value: unknown };
    if (typeof value === 'string') return within(1 + value.length / CHARACTERS_PER_UNIT);
    const isContainer = Array.isArray(value) || value instanceof Map;
    if (!isContainer) return 1;
    const known = this.sizes.get(result);
    if (known !== undefined) return known;
    // Set before it is known: what contains itself ends here.
    this.sizes.set(result, 1);
    let size = 1;
    for (const member of value.values() as Iterable<unknown>) {
      this.spend(1);
      size = within(size + (typeof member === 'object' && member !== null ? this.sizeOf(member) : 1));
    }
    this.sizes.set(result, size);
    return size;
  }
}

function within(size: number): number {
  if (size > SIZE_MAX) throw new TemplateBoundExceededError('size', SIZE_MAX);
  return size;
}

/** Python's. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw new RangeError('range() step must not be zero');
  const count = within(Math.max(0, Math.ceil((stop - start) / step)));
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** What templates may count on; the date is not among it, so that a prompt is the same on every day. */
const GLOBALS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range,
  raise_exception: (message: unknown) => {
    // The template's own words; `render` gives them a name.
    throw new TemplateObjection(String(message));
  },
};

class TemplateObjection extends Error {}
