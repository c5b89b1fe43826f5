/**
 * @file The order of the rows of q and k. Rotary positions turn pairs of rows of a head: in llama.cpp's files for Llama the
 * two stand side by side (2i, 2i + 1), in Hugging Face's half a head apart (i, i + D/2). Source: llama.cpp's
 * convert_hf_to_gguf.py, `LlamaModel.permute`.
 */
import { assert, f32Tensor, type F32Tensor } from '#core';

/** Hugging Face's order → llama.cpp's. `headCount` is that of the tensor: K for k. Weights and biases alike. */
export function interleaveRotaryRows(tensor: F32Tensor, headCount: number): F32Tensor {
  return reorderRows(tensor, headCount, (row, half) => (row >> 1) + (row & 1) * half);
}

/** llama.cpp's order → Hugging Face's. */
export function separateRotaryRows(tensor: F32Tensor, headCount: number): F32Tensor {
  return reorderRows(tensor, headCount, (row, half) => (row < half ? 2 * row : 2 * (row - half) + 1));
}

/** `source` says which row of a head comes to stand at a row of it. */
function reorderRows(
  { dims, data }: F32Tensor,
  headCount: number,
  source: (row: number, half: number) => number,
): F32Tensor {
  const [rows = 0] = dims;
  const headRows = rows / headCount;
  assert(headRows % 2 === 0, `${rows} rows are not ${headCount} heads of an even width`);
  const width = data.length / rows;
  const result = new Float32Array(data.length);
  for (let to = 0; to < rows; to++) {
    const row = to % headRows;
    const from = to - row + source(row, headRows / 2);
    result.set(data.subarray(from * width, (from + 1) * width), to * width);
  }
  return f32Tensor(dims, result);
}
