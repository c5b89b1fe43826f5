/**
 * @file The template library's interpreter, put right where it silently gives another text than Jinja under Python, as
 * transformers runs it: `strip` with characters, blanks, `==`, remainders, what is written for `none` and for truth, attributes of what is not there.
 *
 * Found by rendering the same templates with both; library version 0.5.11. Each correction can go once the library
 * agrees (`python-interpreter.spec.ts` holds what transformers gives).
 */
import {
  Interpreter,
  runtimeValue,
  type RuntimeValue,
  type TemplateEnvironment,
  type TemplateNode,
} from './jinja-library.js';
import { areEqual, capitalized, lengthOf, stripped, textOf } from './python-values.js';

interface MemberNode {
  readonly object: TemplateNode;
  readonly property: { readonly type: string; readonly value?: unknown };
  readonly computed: boolean;
}

interface BinaryNode {
  readonly operator: { readonly value: string };
  readonly left: TemplateNode;
  readonly right: TemplateNode;
}

interface FilterNode {
  readonly operand: TemplateNode;
  readonly filter: {
    readonly value?: string;
    readonly callee?: { readonly value?: string };
    readonly args?: readonly TemplateNode[];
  };
}

/** Methods of texts that differ. */
const METHODS: Readonly<Record<string, (text: string, characters?: unknown) => string>> = {
  strip: (text, characters) => stripped(text, 'both', characters),
  lstrip: (text, characters) => stripped(text, 'left', characters),
  rstrip: (text, characters) => stripped(text, 'right', characters),
  capitalize: (text) => capitalized(text),
};
/** Nodes that write nothing but what their bodies write. */
const STATEMENTS = new Set(['Set', 'If', 'For', 'Macro', 'Comment', 'CallStatement', 'FilterStatement', 'Program']);
const HALF_OF_CHARACTER = /[\uD800-\uDFFF]/;

/** Stands for a node whose value is known, so that none is evaluated twice. */
class Evaluated {
  readonly type = 'Evaluated';
  constructor(readonly result: RuntimeValue) {}
}

export class PythonInterpreter extends Interpreter {
  override evaluate(node: TemplateNode | undefined, environment: TemplateEnvironment): RuntimeValue {
    if (node instanceof Evaluated) return node.result;
    switch (typeOf(node)) {
      case 'MemberExpression':
        return this.member(node as MemberNode, environment);
      case 'BinaryExpression':
        return this.binary(node as BinaryNode, environment);
      case 'FilterExpression':
        return this.filtered(node as FilterNode, environment);
      default:
        return super.evaluate(node, environment);
    }
  }

  protected override evaluateBlock(
    statements: readonly TemplateNode[],
    environment: TemplateEnvironment,
  ): RuntimeValue {
    let written = '';
    for (const statement of statements) {
      const result = this.evaluate(statement, environment);
      const isNothing = STATEMENTS.has(typeOf(statement)) && result.type === 'NullValue';
      if (!isNothing) written += textOf(result);
    }
    return runtimeValue(written);
  }

  /** Told of work that the size of values does not bound. */
  protected spend(_steps: number): void {}

  private member(node: MemberNode, environment: TemplateEnvironment): RuntimeValue {
    const object = this.evaluate(node.object, environment);
    if (object.type === 'UndefinedValue') throw new ReferenceError(`${nameOf(node.object)} is undefined`);
    const known = { ...node, object: new Evaluated(object) };
    if (typeof object.value !== 'string') return super.evaluate(known, environment);
    const text = object.value;
    if (!node.computed) {
      const name = String(node.property.value);
      const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
      if (method) return runtimeValue((characters?: unknown) => method(text, characters));
    } else if (node.property.type !== 'SliceExpression' && HALF_OF_CHARACTER.test(text)) {
      return super.evaluate({ ...node, object: new Evaluated(runtimeValue(Array.from(text))) }, environment);
    }
    return super.evaluate(known, environment);
  }

  private binary(node: BinaryNode, environment: TemplateEnvironment): RuntimeValue {
    const operator = node.operator.value;
    if (operator === 'and' || operator === 'or') return super.evaluate(node, environment);
    const left = this.evaluate(node.left, environment);
    const right = this.evaluate(node.right, environment);
    if (operator === '==' || operator === '!=') {
      const isEqual = areEqual(left, right, (steps) => this.spend(steps));
      return runtimeValue(isEqual === (operator === '=='));
    }
    if (operator === '~') return runtimeValue(textOf(left) + textOf(right));
    const isTextAndOther = (left.type === 'StringValue') !== (right.type === 'StringValue');
    if (operator === '+' && isTextAndOther) throw new TypeError(`cannot add ${left.type} and ${right.type}`);
    if (operator === '%' && left.type === 'IntegerValue' && right.type === 'IntegerValue') {
      return runtimeValue(remainder(Number(left.value), Number(right.value)));
    }
    return super.evaluate({ ...node, left: new Evaluated(left), right: new Evaluated(right) }, environment);
  }

  private filtered(node: FilterNode, environment: TemplateEnvironment): RuntimeValue {
    const operand = this.evaluate(node.operand, environment);
    const name = node.filter.value ?? node.filter.callee?.value;
    if (typeof operand.value === 'string') {
      if (name === 'trim') return runtimeValue(stripped(operand.value, 'both', this.firstArgument(node, environment)));
      if (name === 'capitalize') return runtimeValue(capitalized(operand.value));
      if (name === 'length' || name === 'count') return runtimeValue(lengthOf(operand.value));
    }
    if (name === 'string') return runtimeValue(textOf(operand));
    if (name === 'join' && Array.isArray(operand.value)) {
      const texts = (operand.value as RuntimeValue[]).map((member) => textOf(member));
      return super.evaluate({ ...node, operand: new Evaluated(runtimeValue(texts)) }, environment);
    }
    return super.evaluate({ ...node, operand: new Evaluated(operand) }, environment);
  }

  /** The value of a filter's only argument, by place or by name. */
  private firstArgument({ filter }: FilterNode, environment: TemplateEnvironment): unknown {
    const [argument] = filter.args ?? [];
    if (argument === undefined) return undefined;
    const isNamed = typeOf(argument) === 'KeywordArgumentExpression' && 'value' in argument;
    return this.evaluate(isNamed ? (argument.value as TemplateNode) : argument, environment).value;
  }
}

/** Python's: it has the sign of the divisor. */
function remainder(a: number, b: number): number {
  if (b === 0) throw new RangeError('remainder of a division by zero');
  return a - b * Math.floor(a / b);
}

/** The last name of an expression, as a message shows it. */
function nameOf(node: TemplateNode): string {
  if ('value' in node && typeof node.value === 'string') return node.value;
  return 'property' in node ? nameOf(node.property as TemplateNode) : 'a value';
}

function typeOf(node: TemplateNode | undefined): string {
  return node !== undefined && 'type' in node ? String(node.type) : '';
}
