/** @file Files and folders that outlive a power cut. */
import { open } from 'node:fs/promises';

/** Makes a file's content, or the names in a folder, durable. */
export async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
