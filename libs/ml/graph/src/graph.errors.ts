/** @file Why a graph cannot be built or printed: always a defect of the code that builds it, found before it runs. */
import { AppError } from '#core';

/** A graph that contradicts itself. Maps to INTERNAL: graphs are built by our code, never by a caller's data. */
abstract class GraphError extends AppError {
  readonly status = 'INTERNAL';
}

/** Thrown when sizes do not fit an operation. */
export class ShapeMismatchError extends GraphError {
  readonly code = 'SHAPE_MISMATCH';

  constructor(where: string, expected: string, got: string) {
    super(`${where}: expected ${expected}, got ${got}`, { facts: { where, expected, got } });
  }
}

/** Thrown when a value has not the axes that its reader asks for. */
export class AxesMismatchError extends GraphError {
  readonly code = 'AXES_MISMATCH';

  constructor(valueName: string, expected: string, got: string) {
    super(`Value ${valueName}: expected axes ${expected}, got shape ${got}`, { facts: { valueName, expected, got } });
  }
}

/** Thrown when an operation gets elements of a type that it does not take. */
export class ElementTypeMismatchError extends GraphError {
  readonly code = 'ELEMENT_TYPE_MISMATCH';

  constructor(where: string, expected: string, got: string) {
    super(`${where}: expected elements of type ${expected}, got ${got}`, { facts: { where, expected, got } });
  }
}

/** Thrown when an input, initializer or output takes a name that the graph already has. */
export class NameTakenError extends GraphError {
  readonly code = 'NAME_TAKEN';

  constructor(name: string) {
    super(`The graph already has a value or output named ${name}: give each a name of its own`, { facts: { name } });
  }
}

/** Thrown when a symbolic size has to be read while the graph runs, and no input has it as an axis. */
export class SizeUnknownError extends GraphError {
  readonly code = 'SIZE_UNKNOWN';

  constructor(dim: string) {
    super(`The size ${dim} is no axis of any graph input, so it cannot be read at run time: declare such an input`, {
      facts: { dim },
    });
  }
}
