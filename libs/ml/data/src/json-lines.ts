/**
 * @file Lines of a file as bytes, one at a time and with a limit, so that memory stays bounded whatever the file holds.
 *
 * A line is what lies between two LF bytes, counted from 1; a CR before the LF belongs to the line's ending. Only LF ends
 * a line: U+2028 and U+0085 are legal inside JSON strings.
 */
import { createReadStream } from 'node:fs';

export interface RawLine {
  /** From 1. */
  readonly line: number;
  /** Without LF, CR and byte-order mark; undefined where the line was over the limit. */
  readonly bytes: Buffer | undefined;
  readonly hadBom: boolean;
  readonly hadCr: boolean;
  /** False for a last line without LF. */
  readonly hadLf: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Reads a file line by line. A trailing LF does not open another line. */
export async function* rawLines(path: string, { lineBytesMax }: { lineBytesMax: number }): AsyncGenerator<RawLine> {
  let line = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (last: Buffer, hadLf: boolean): RawLine => {
    const tooLong = length + last.length > lineBytesMax;
    const whole = tooLong ? undefined : Buffer.concat([...parts, last]);
    parts = [];
    length = 0;
    return trimmed(line++, whole, hadLf);
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      yield take(chunk.subarray(start, end), true);
      start = end + 1;
    }
    length += chunk.length - start;
    // A line over the limit is counted on, but no longer kept.
    if (length > lineBytesMax) parts = [];
    else if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (length > 0) yield take(Buffer.alloc(0), false);
}

function trimmed(line: number, whole: Buffer | undefined, hadLf: boolean): RawLine {
  if (!whole) return { line, bytes: undefined, hadBom: false, hadCr: false, hadLf };
  const hadBom = line === 1 && whole.subarray(0, BOM.length).equals(BOM);
  const hadCr = hadLf && whole.at(-1) === CR;
  const bytes = whole.subarray(hadBom ? BOM.length : 0, hadCr ? whole.length - 1 : whole.length);
  return { line, bytes, hadBom, hadCr, hadLf };
}
