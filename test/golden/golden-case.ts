/** @file One golden case: its case.json and the tensors beside it. Layout: the README of the reference data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, present, type F32Tensor } from '#core';
import { readTensorFile, toF32Tensor, toNumbers, type StoredTensor } from '#ml/tensor';

export class GoldenCase {
  private constructor(
    /** Folder of the reference data; `model` and `adapter` are relative to it. */
    readonly root: string,
    /** Folder of the case. */
    readonly dir: string,
    readonly name: string,
    private readonly content: Readonly<Record<string, unknown>>,
    readonly executionProvider: string,
  ) {}

  static read(root: string, name: string, executionProvider = 'cpu'): GoldenCase {
    const dir = join(root, 'cases', name);
    const content = JSON.parse(readFileSync(join(dir, 'case.json'), 'utf8')) as Record<string, unknown>;
    return new GoldenCase(root, dir, name, content, executionProvider);
  }

  get kind(): string {
    return String(this.content['kind']);
  }

  /** The content under the shape that the case's kind gives it. */
  as<Content>(): Content {
    return this.content as Content;
  }

  /** Path of the model that the case is about, if it is about one. */
  get modelPath(): string | undefined {
    const { model } = this.content;
    return typeof model === 'string' ? join(this.root, model) : undefined;
  }

  async tensors(file = 'tensors.safetensors'): Promise<GoldenTensors> {
    const path = join(this.dir, file);
    return new GoldenTensors(path, (await readTensorFile(path)).tensors);
  }
}

export class GoldenTensors {
  constructor(
    private readonly path: string,
    private readonly stored: ReadonlyMap<string, StoredTensor>,
  ) {}

  names(prefix = ''): string[] {
    return [...this.stored.keys()].filter((name) => name.startsWith(prefix));
  }

  dims(name: string): readonly number[] {
    return this.tensor(name).dims;
  }

  numbers(name: string): Float64Array {
    return toNumbers(this.tensor(name), { name, where: this.path });
  }

  f32(name: string): F32Tensor {
    return toF32Tensor(this.tensor(name), { name, where: this.path });
  }

  /** A matrix as rows. */
  rows(name: string): number[][] {
    const [rowCount, width, ...rest] = this.dims(name);
    assert(rowCount !== undefined && width !== undefined && rest.length === 0, `${name} is no matrix`);
    const numbers = this.numbers(name);
    return Array.from({ length: rowCount }, (_, row) => [...numbers.subarray(row * width, (row + 1) * width)]);
  }

  private tensor(name: string): StoredTensor {
    return present(this.stored.get(name), `tensor ${name} of ${this.path}`);
  }
}
