/**
 * @file Encodes a graph as an ONNX ModelProto (IR version 9, opset 18, com.microsoft 1).
 *
 * Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
import protobuf from 'protobufjs/minimal.js';
import type { Dim } from './dims.js';
import { ONNX_TYPES } from './elementwise-builder.js';
import type { Graph, Initializer, Node } from './graph.js';
import { operators, type AttributeKind } from './operators.js';
import type { ElementType, Value } from './value.js';

type Writer = protobuf.Writer;

const IR_VERSION = 9;
const OPSETS = [
  { domain: '', version: 18 },
  { domain: 'com.microsoft', version: 1 },
];

/** AttributeProto.AttributeType. */
const ATTRIBUTE_TYPES: { readonly [K in AttributeKind]: number } = { float: 1, int: 2, text: 3, scalar: 4, ints: 7 };

/** The type of an attribute that holds a graph. */
const GRAPH_ATTRIBUTE = 5;

/** Protobuf wire types. */
const BYTES = 2;
const VARINT = 0;
const FIXED32 = 5;

/** A model in parts: a message cannot hold 2 GiB, and what stands beside it is not copied. */
export interface OnnxParts {
  readonly model: Uint8Array;
  /** Large initializers, under the names by which the model refers to them. */
  readonly externalData: readonly ExternalData[];
}

export interface ExternalData {
  readonly path: string;
  /** A view of the initializer's own elements. */
  readonly data: Uint8Array;
}

/** Initializers from this size stand beside the model. ONNX Runtime reads smaller ones while it infers shapes. */
const EXTERNAL_BYTES_MIN = 1024;

/** The bytes of the model, ready for a session. */
export function encodeOnnx(graph: Graph): Uint8Array {
  return encodeModel(graph, encodeInlineData);
}

/** The model, with its large initializers beside it. */
export function encodeOnnxParts(graph: Graph): OnnxParts {
  const externalData: ExternalData[] = [];
  const model = encodeModel(graph, (writer, initializer) => {
    const data = bytesOf(initializer);
    if (data.length < EXTERNAL_BYTES_MIN) return encodeInlineData(writer, initializer);
    const path = `initializer-${externalData.length}`;
    externalData.push({ path, data });
    encodeExternalData(writer, path, data.length);
  });
  return { model, externalData };
}

/** Writes the elements of an initializer, or where they are. */
type DataEncoder = (writer: Writer, initializer: Initializer) => void;

function encodeModel(graph: Graph, encodeData: DataEncoder): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(1, VARINT)).int64(IR_VERSION);
  writer.uint32(tag(2, BYTES)).string('metaapo');
  message(writer, 7, (model) => encodeGraph(model, graph, { encodeData }));
  for (const { domain, version } of OPSETS) {
    message(writer, 8, (opset) => {
      opset.uint32(tag(1, BYTES)).string(domain);
      opset.uint32(tag(2, VARINT)).int64(version);
    });
  }
  return writer.finish();
}

interface Surroundings {
  readonly encodeData: DataEncoder;
  /** Names of the values of the graph around a body. */
  readonly outerNameOf?: (value: Value) => string;
}

function encodeGraph(writer: Writer, graph: Graph, { encodeData, outerNameOf }: Surroundings): void {
  const { names, copies } = outputNames(graph);
  const known = (value: Value): string => names.get(value) ?? outerNameOf?.(value) ?? value.name;
  const nameOf = (value: Value | null): string => (value === null ? '' : known(value));
  const encodeOne = (field: Writer, node: Node): void => {
    encodeNode(field, node, nameOf);
    if (node.body) encodeBody(field, node.body, { encodeData, outerNameOf: known });
  };
  for (const node of graph.nodes) message(writer, 1, (field) => encodeOne(field, node));
  for (const { from, name } of copies) {
    const copy: Value = { ...from, name };
    const node: Node = { name: `${name}/Identity`, op: 'Identity', inputs: [from], outputs: [copy], attributes: {} };
    message(writer, 1, (field) => encodeNode(field, node, nameOf));
  }
  writer.uint32(tag(2, BYTES)).string('metaapo');
  for (const initializer of graph.initializers) {
    message(writer, 5, (field) => encodeInitializer(field, initializer, encodeData));
  }
  for (const input of graph.inputs) message(writer, 11, (field) => encodeValueInfo(field, input, input.name));
  // A body's results may differ in shape from round to round.
  const isBody = outerNameOf !== undefined;
  for (const { name, value } of graph.outputs) {
    message(writer, 12, (field) => encodeValueInfo(field, value, name, { hasShape: !isBody }));
  }
}

/** The attribute of a Loop that holds what it repeats. */
function encodeBody(writer: Writer, body: Graph, surroundings: Surroundings): void {
  message(writer, 5, (attribute) => {
    attribute.uint32(tag(1, BYTES)).string('body');
    message(attribute, 6, (field) => encodeGraph(field, body, surroundings));
    attribute.uint32(tag(20, VARINT)).int32(GRAPH_ATTRIBUTE);
  });
}

/**
 * A result takes its output's name where it is made, so that no copy is needed; whoever else reads it, reads it under
 * that name. Inputs and initializers keep their names, and a second output of one value needs a copy.
 */
function outputNames(graph: Graph): {
  readonly names: ReadonlyMap<Value, string>;
  readonly copies: readonly { readonly from: Value; readonly name: string }[];
} {
  const fixed = new Set<Value>([...graph.inputs, ...graph.initializers.map(({ value }) => value)]);
  const names = new Map<Value, string>();
  const copies: { from: Value; name: string }[] = [];
  for (const { name, value } of graph.outputs) {
    if (fixed.has(value) && value.name === name) continue;
    if (fixed.has(value) || names.has(value)) copies.push({ from: value, name });
    else names.set(value, name);
  }
  return { names, copies };
}

function encodeNode(writer: Writer, node: Node, nameOf: (value: Value | null) => string): void {
  const { onnxName = node.op, domain = '', attributes = {} } = operators[node.op];
  for (const input of node.inputs) writer.uint32(tag(1, BYTES)).string(nameOf(input));
  for (const output of node.outputs) writer.uint32(tag(2, BYTES)).string(nameOf(output));
  writer.uint32(tag(3, BYTES)).string(node.name);
  writer.uint32(tag(4, BYTES)).string(onnxName);
  for (const [name, kind] of Object.entries(attributes)) {
    const value = node.attributes[name];
    if (value === undefined) continue;
    message(writer, 5, (field) => encodeAttribute(field, name, kind, value, node.outputs[0]?.dtype ?? 'f32'));
  }
  writer.uint32(tag(7, BYTES)).string(domain);
}

function encodeAttribute(
  writer: Writer,
  name: string,
  kind: AttributeKind,
  value: number | string | readonly number[],
  dtype: ElementType,
): void {
  writer.uint32(tag(1, BYTES)).string(name);
  switch (kind) {
    case 'float':
      writer.uint32(tag(2, FIXED32)).float(Number(value));
      break;
    case 'int':
      writer.uint32(tag(3, VARINT)).int64(Number(value));
      break;
    case 'text':
      writer.uint32(tag(4, BYTES)).bytes(Buffer.from(String(value)));
      break;
    case 'scalar':
      message(writer, 5, (tensor) => {
        tensor.uint32(tag(1, VARINT)).int64(1);
        tensor.uint32(tag(2, VARINT)).int32(ONNX_TYPES[dtype]);
        tensor.uint32(tag(9, BYTES)).bytes(scalarBytes(Number(value), dtype));
      });
      break;
    case 'ints':
      for (const integer of value as readonly number[]) writer.uint32(tag(8, VARINT)).int64(integer);
      break;
    default:
      kind satisfies never;
  }
  writer.uint32(tag(20, VARINT)).int32(ATTRIBUTE_TYPES[kind]);
}

function encodeInitializer(writer: Writer, initializer: Initializer, encodeData: DataEncoder): void {
  const { value } = initializer;
  for (const size of value.shape) writer.uint32(tag(1, VARINT)).int64(Number(size));
  writer.uint32(tag(2, VARINT)).int32(ONNX_TYPES[value.dtype]);
  writer.uint32(tag(8, BYTES)).string(value.name);
  encodeData(writer, initializer);
}

function encodeInlineData(writer: Writer, initializer: Initializer): void {
  writer.uint32(tag(9, BYTES)).bytes(bytesOf(initializer));
}

/** TensorProto.DataLocation EXTERNAL, and where the elements are. */
function encodeExternalData(writer: Writer, path: string, length: number): void {
  for (const [key, text] of Object.entries({ location: path, offset: '0', length: String(length) })) {
    message(writer, 13, (entry) => {
      entry.uint32(tag(1, BYTES)).string(key);
      entry.uint32(tag(2, BYTES)).string(text);
    });
  }
  writer.uint32(tag(14, VARINT)).int32(1);
}

function bytesOf({ data }: Initializer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function encodeValueInfo(writer: Writer, { dtype, shape }: Value, name: string, { hasShape = true } = {}): void {
  writer.uint32(tag(1, BYTES)).string(name);
  message(writer, 2, (type) => {
    message(type, 1, (tensor) => {
      tensor.uint32(tag(1, VARINT)).int32(ONNX_TYPES[dtype]);
      if (!hasShape) return;
      message(tensor, 2, (dims) => {
        for (const dim of shape) message(dims, 1, (field) => encodeDim(field, dim));
      });
    });
  });
}

function encodeDim(writer: Writer, dim: Dim): void {
  if (typeof dim === 'number') writer.uint32(tag(1, VARINT)).int64(dim);
  else writer.uint32(tag(2, BYTES)).string(dim);
}

function scalarBytes(value: number, dtype: ElementType): Uint8Array {
  if (dtype === 'i64') return new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
  if (dtype === 'i32') return new Uint8Array(Int32Array.of(value).buffer);
  if (dtype === 'f64') return new Uint8Array(Float64Array.of(value).buffer);
  return new Uint8Array(Float32Array.of(value).buffer);
}

function message(writer: Writer, field: number, fill: (writer: Writer) => void): void {
  writer.uint32(tag(field, BYTES)).fork();
  fill(writer);
  writer.ldelim();
}

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}
