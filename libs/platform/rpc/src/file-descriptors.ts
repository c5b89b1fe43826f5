/**
 * @file `google.protobuf.FileDescriptorProto`s of `.proto` files, made at run time, for server reflection.
 *
 * proto-loader has such descriptors too, but glues the files of a package together, renames fields to camelCase, leaves
 * the imports out and loses `optional`; Python's reflection client and grpcurl stumble over that. A test compares these
 * with what buf compiles.
 */
import { isAbsolute, join } from 'node:path';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';

/** A set of files whose imports are looked up in one folder. Well-known types of `google.protobuf` need no folder. */
export interface ProtoFiles {
  readonly root: string;
  /** Paths relative to `root`. */
  readonly paths: readonly string[];
}

/** File name → encoded descriptor, of the files and of all that they import. */
export function fileDescriptors({ root: folder, paths }: ProtoFiles): Map<string, Buffer> {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (isAbsolute(target) || isWellKnown(target) ? target : join(folder, target));
  root.loadSync([...paths], { keepCase: true }).resolveAll();

  const files = new Map<string, descriptor.IFileDescriptorProto>();
  for (const item of topLevel(root)) {
    const name = fileNameOf(item, folder);
    const file = files.get(name) ?? emptyFile(name, item);
    files.set(name, file);
    if (item instanceof protobuf.Type) file.messageType?.push(messageOf(item));
    if (item instanceof protobuf.Enum) file.enumType?.push(enumOf(item));
    if (item instanceof protobuf.Service) file.service?.push(serviceOf(item));
    file.dependency = [...new Set([...(file.dependency ?? []), ...importsOf(item, folder)])].filter(
      (path) => path !== name,
    );
  }
  const { FileDescriptorProto } = descriptor;
  return new Map(
    [...files].map(([name, file]) => [
      name,
      Buffer.from(FileDescriptorProto.encode(FileDescriptorProto.fromObject(file)).finish()),
    ]),
  );
}

type Item = protobuf.Type | protobuf.Enum | protobuf.Service;

const isItem = (object: protobuf.ReflectionObject): object is Item =>
  object instanceof protobuf.Type || object instanceof protobuf.Enum || object instanceof protobuf.Service;
const isWellKnown = (path: string): boolean => path.startsWith('google/protobuf/');

/** Messages, enums and services that stand directly in a file. */
function topLevel(space: protobuf.NamespaceBase): Item[] {
  return space.nestedArray.flatMap((object) => {
    if (isItem(object)) return [object];
    return object instanceof protobuf.Namespace ? topLevel(object) : [];
  });
}

/** The file that an item stands in; nested ones stand where the outermost does. */
function fileNameOf(item: protobuf.ReflectionObject, folder: string): string {
  const outermost = outermostOf(item);
  // protobufjs brings the well-known types along without a file; Google keeps one per message.
  if (outermost.filename === null) return `google/protobuf/${outermost.name.toLowerCase()}.proto`;
  return outermost.filename.startsWith(folder) ? outermost.filename.slice(folder.length + 1) : outermost.filename;
}

function outermostOf(item: protobuf.ReflectionObject): protobuf.ReflectionObject {
  let outermost = item;
  while (outermost.parent && isItem(outermost.parent)) outermost = outermost.parent;
  return outermost;
}

function emptyFile(name: string, item: Item): descriptor.IFileDescriptorProto {
  const space = outermostOf(item).parent;
  return {
    name,
    package: space ? withoutDot(space.fullName) : '',
    syntax: 'proto3',
    dependency: [],
    messageType: [],
    enumType: [],
    service: [],
  };
}

/** Files of all that an item refers to, in order of appearance. */
function importsOf(item: Item, folder: string): string[] {
  if (item instanceof protobuf.Service) {
    return item.methodsArray.flatMap((method) =>
      [method.resolvedRequestType, method.resolvedResponseType].flatMap((type) =>
        type ? [fileNameOf(type, folder)] : [],
      ),
    );
  }
  if (item instanceof protobuf.Enum) return [];
  const own = item.fieldsArray.flatMap(({ resolvedType }) => (resolvedType ? [fileNameOf(resolvedType, folder)] : []));
  return [...own, ...item.nestedArray.filter(isItem).flatMap((nested) => importsOf(nested, folder))];
}

function messageOf(type: protobuf.Type): descriptor.IDescriptorProto {
  const fields: readonly protobuf.FieldBase[] = type.fieldsArray;
  // `optional` fields have a synthetic oneof of one member; protoc lists these after the real ones.
  const oneofs = [...type.oneofsArray].sort((a, b) => Number(isSynthetic(a)) - Number(isSynthetic(b)));
  return {
    name: type.name,
    field: fields.map((field) => fieldOf(field, oneofs)),
    // In the order of the file, as protoc has it: our messages are declared before the fields.
    nestedType: [
      ...type.nestedArray.filter((nested) => nested instanceof protobuf.Type).map(messageOf),
      ...fields.filter(isMap).map(mapEntryOf),
    ],
    enumType: type.nestedArray.filter((nested) => nested instanceof protobuf.Enum).map(enumOf),
    oneofDecl: oneofs.map(({ name }) => ({ name })),
    ...reservedOf(type),
  };
}

/** Numbers and names that may not come back. Ranges hold their last number in protobufjs, and end before it in descriptors. */
function reservedOf(type: protobuf.Type): descriptor.IDescriptorProto {
  // Undefined where there is nothing reserved, whatever its declared type says.
  const reserved = (type.reserved as protobuf.Type['reserved'] | undefined) ?? [];
  const ranges = reserved.filter((entry) => typeof entry !== 'string');
  const names = reserved.filter((entry) => typeof entry === 'string');
  return {
    ...(ranges.length > 0 && { reservedRange: ranges.map(([start = 0, last = start]) => ({ start, end: last + 1 })) }),
    ...(names.length > 0 && { reservedName: names }),
  };
}

function isSynthetic(oneof: protobuf.OneOf): boolean {
  const [only] = oneof.fieldsArray;
  return oneof.fieldsArray.length === 1 && only !== undefined && isOptional(only);
}

const isMap = (field: protobuf.FieldBase): field is protobuf.MapField => field instanceof protobuf.MapField;
const isOptional = (field: protobuf.FieldBase): boolean => field.options?.proto3_optional === true;

function fieldOf(field: protobuf.FieldBase, oneofs: readonly protobuf.OneOf[]): descriptor.IFieldDescriptorProto {
  const entry = isMap(field) ? `${field.parent?.fullName ?? ''}.${entryName(field)}` : undefined;
  return {
    name: field.name,
    number: field.id,
    label: LABELS[field.repeated || entry ? 'repeated' : 'optional'],
    jsonName: camelCase(field.name),
    ...(entry === undefined ? typeOf(field) : { type: MESSAGE_TYPE, typeName: entry }),
    ...(field.partOf && { oneofIndex: oneofs.indexOf(field.partOf) }),
    ...(isOptional(field) && { proto3Optional: true }),
  } as descriptor.IFieldDescriptorProto;
}

/** A map is a repeated message of key and value. */
function mapEntryOf(field: protobuf.MapField): descriptor.IDescriptorProto {
  const member = (name: string, number: number, type: object) =>
    ({ name, number, label: LABELS.optional, jsonName: name, ...type }) as descriptor.IFieldDescriptorProto;
  return {
    name: entryName(field),
    field: [member('key', 1, { type: scalarType(field.keyType) }), member('value', 2, typeOf(field))],
    options: { mapEntry: true },
  };
}

const LABELS = { optional: 1, repeated: 3 } as const;
const MESSAGE_TYPE = 11;
const ENUM_TYPE = 14;
/** `FieldDescriptorProto.Type` numbers of the scalars. */
const SCALAR_TYPES: Readonly<Record<string, number>> = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
};

const scalarType = (name: string): number | undefined => SCALAR_TYPES[name];

function typeOf({ type, resolvedType }: protobuf.FieldBase): { type: number | undefined; typeName?: string } {
  if (!resolvedType) return { type: scalarType(type) };
  return { type: resolvedType instanceof protobuf.Enum ? ENUM_TYPE : MESSAGE_TYPE, typeName: resolvedType.fullName };
}

function enumOf(type: protobuf.Enum): descriptor.IEnumDescriptorProto {
  return { name: type.name, value: Object.entries(type.values).map(([name, number]) => ({ name, number })) };
}

function serviceOf(service: protobuf.Service): descriptor.IServiceDescriptorProto {
  return {
    name: service.name,
    method: service.methodsArray.map((method) => ({
      name: method.name,
      inputType: method.resolvedRequestType?.fullName ?? '',
      outputType: method.resolvedResponseType?.fullName ?? '',
      ...(method.requestStream && { clientStreaming: true }),
      ...(method.responseStream && { serverStreaming: true }),
    })),
  };
}

const withoutDot = (name: string): string => name.replace(/^\./, '');
/** JSON name as protoc makes it: an underscore goes and raises the next letter. */
const camelCase = (name: string): string =>
  name.replace(/_([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
/** `figure_values` → `FigureValuesEntry`, as protoc names it. */
function entryName({ name }: protobuf.FieldBase): string {
  const camel = camelCase(name);
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`;
}
