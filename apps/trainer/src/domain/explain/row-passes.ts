/** @file The passes over an iteration's prompts that a row was in, and which of them gave its scores. */
import type { RunConfig } from '#run-config';
import { takenPasses, type TakenPass } from '../rewards/taken-passes.js';
import type { Journal } from '../storage/journal.js';
import { rowAnnotation, type RowAnnotation } from './row-annotation.js';
import type { RowPlace, UnitReader } from './unit-reader.js';

export interface RowPasses {
  /** Undefined where no pass has come to the row; one that gave nothing where none did. */
  readonly annotation: RowAnnotation | undefined;
  /** The pass of the annotation, or the first one. */
  readonly pass: TakenPass;
  /** True where another model scored the row than the one that its iteration began with. */
  readonly isMoved: boolean;
  readonly places: readonly RowPlace[];
  /** Phases of all passes of the iteration. */
  readonly phases: readonly string[];
}

export async function rowPasses(
  { reader, journal, config }: { readonly reader: UnitReader; readonly journal: Journal; readonly config: RunConfig },
  { iteration, itemId }: { readonly iteration: number; readonly itemId: string },
): Promise<RowPasses> {
  const passes = await takenPasses(journal, config, iteration);
  const found: { readonly pass: TakenPass; readonly annotation: RowAnnotation }[] = [];
  for (const pass of passes) {
    const annotation = await rowAnnotation(reader, { iteration, phase: pass.phase, itemId });
    if (annotation) found.push({ pass, annotation });
  }
  const [first] = passes;
  const { pass = first, annotation } = found.findLast((one) => !one.annotation.isLost) ?? found.at(-1) ?? {};
  return {
    annotation,
    pass,
    isMoved: annotation?.isLost === false && pass.model?.weightsDigest !== first.model?.weightsDigest,
    places: found.map((one) => one.annotation.place),
    phases: passes.map(({ phase }) => phase),
  };
}
