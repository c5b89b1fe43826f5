/** @file A reward that can be held: while it is, a text that was paid for gets no answer, so its call stays in flight. */
import { rmSync, watch, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const SOURCE = (inner: string, hold: string, reached: string): string => `
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { score as inner } from ${JSON.stringify(inner)};
export async function score(request) {
  const reward = inner(request);
  while (existsSync(${JSON.stringify(hold)})) {
    writeFileSync(${JSON.stringify(reached)}, '');
    await setTimeout(5);
  }
  return reward;
}
`;

export class HeldReward {
  readonly path: string;
  private readonly hold: string;
  private readonly reached: string;

  /** Writes the module that scores as another module does, into a folder of the test. */
  constructor(
    private readonly folder: string,
    innerPath: string,
  ) {
    this.path = join(folder, 'held.mjs');
    this.hold = join(folder, 'held.hold');
    this.reached = join(folder, 'held.reached');
    writeFileSync(this.path, SOURCE(innerPath, this.hold, this.reached));
  }

  /** Holds the next text; `arrival` resolves when one has come. */
  close(): { readonly arrival: Promise<void> } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watcher = watch(this.folder, (_event, name) => {
      if (name !== basename(this.reached)) return;
      watcher.close();
      resolve();
    });
    writeFileSync(this.hold, '');
    return { arrival: promise };
  }

  /** Lets go what is held. */
  open(): void {
    rmSync(this.hold, { force: true });
  }
}
