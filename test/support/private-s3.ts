/** @file A server of S3's protocol of one spec's own. For specs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PrivateS3 {
  /** `s3://bucket?endpoint=…`; what follows the bucket is for the caller: see `placeOf`. */
  readonly placeOf: (prefix: string) => string;
  /** Where its objects lie as files. */
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

interface S3rver {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

interface S3rverOptions {
  readonly address: string;
  readonly port: number;
  readonly silent: boolean;
  readonly directory: string;
  readonly configureBuckets: readonly { readonly name: string }[];
}

const BUCKET = 'metaapo';

export async function startPrivateS3(): Promise<PrivateS3> {
  // It has no types of its own.
  const S3rver = createRequire(import.meta.url)('s3rver') as new (options: S3rverOptions) => S3rver;
  const directory = mkdtempSync(join(tmpdir(), 'metaapo-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: BUCKET }],
  });
  const { port } = await server.run();
  // What the SDK reads; these two are s3rver's own.
  process.env['AWS_ACCESS_KEY_ID'] = 'S3RVER';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'S3RVER';
  const query = `endpoint=${encodeURIComponent(`http://127.0.0.1:${port}`)}&path_style=true&region=us-east-1`;
  return {
    placeOf: (prefix) => `s3://${BUCKET}/${prefix}?${query}`,
    folder: join(directory, BUCKET),
    remove: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
