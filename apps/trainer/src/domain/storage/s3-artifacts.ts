/**
 * @file Artifacts in a bucket of S3 or of what speaks its protocol. An object is there whole or not at all by S3's own
 * promise, and a listing after a write shows it (strong consistency, https://aws.amazon.com/s3/consistency/).
 *
 * Credentials, region and endpoint come from the SDK's own variables and files; the place may name an endpoint and a
 * region, never a secret: `s3://bucket/prefix?endpoint=http://127.0.0.1:9000&path_style=true&region=eu-central-1`.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { digestOf, type Digest } from '#core';
import type { Artifacts } from './artifacts.js';
import { artifactFileName } from './folder-artifacts.js';
import { StorageRefusedError, StorageUnavailableError } from './database.errors.js';
import { ArtifactDamagedError } from './storage.errors.js';

/** Tries of the SDK with its own jittered back-off; about half a minute in all. */
const TRIES_MAX = 8;
const TRIES_SECONDS = 30;

export class S3Artifacts implements Artifacts {
  private constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    /** Ends in a slash unless empty. */
    private readonly prefix: string,
  ) {}

  /** `folder` is a run's own part of the place: what is swept there belongs to the run. @throws StorageRefusedError */
  static async open(place: string, folder: string): Promise<S3Artifacts> {
    const url = new URL(place);
    const { searchParams } = url;
    const endpoint = searchParams.get('endpoint');
    const region = searchParams.get('region');
    const client = new S3Client({
      maxAttempts: TRIES_MAX,
      // Newer checksums of the SDK are unknown to many servers that speak S3; the digest is checked on every read anyway.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(endpoint !== null && { endpoint }),
      ...(region !== null && { region }),
      forcePathStyle: searchParams.get('path_style') === 'true',
    });
    const parts = [...url.pathname.split('/'), folder].filter((part) => part !== '');
    const artifacts = new S3Artifacts(client, url.hostname, `${parts.join('/')}/`);
    // The first call shows whether credentials, bucket and rights are there, before anything is computed.
    await artifacts.names();
    return artifacts;
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    if ((await this.sizeOf(digest)) === bytes.byteLength) return digest;
    await this.replace(digest, bytes);
    return digest;
  }

  /** Stores bytes under a digest, whatever lies there. */
  async replace(digest: Digest, bytes: Uint8Array): Promise<void> {
    await this.asked(() =>
      this.client.send(new PutObjectCommand({ ...this.object(digest), Body: bytes, ContentLength: bytes.byteLength })),
    );
  }

  /** Names of all objects, without the run's prefix. */
  async fileNames(): Promise<string[]> {
    return (await this.names()).map((key) => key.slice(this.prefix.length));
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const bytes = await this.asked(async () => {
      const { Body } = await this.client.send(new GetObjectCommand(this.object(digest)));
      return await Body?.transformToByteArray();
    }).catch((error: unknown) => {
      throw isMissing(error) ? new ArtifactDamagedError(digest, 'no such object', error) : error;
    });
    if (bytes === undefined) throw new ArtifactDamagedError(digest, 'no content');
    const found = digestOf(bytes);
    if (found !== digest) throw new ArtifactDamagedError(digest, found);
    // A plain array: a Buffer's `slice` shares memory instead of copying, which readers of tensors do not expect.
    return new Uint8Array(bytes);
  }

  async remove(digest: Digest): Promise<void> {
    await this.removeKey(this.object(digest).Key);
  }

  async sweep(inUse: ReadonlySet<Digest>): Promise<void> {
    const keys = new Set([...inUse].map((digest) => this.object(digest).Key));
    for (const key of await this.names()) if (!keys.has(key)) await this.removeKey(key);
  }

  close(): void {
    this.client.destroy();
  }

  private async removeKey(key: string): Promise<void> {
    await this.asked(() => this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key })));
  }

  private async names(): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.asked(() =>
        this.client.send(
          new ListObjectsV2Command({
            Bucket: this.bucket,
            Prefix: this.prefix,
            ...(token !== undefined && { ContinuationToken: token }),
          }),
        ),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }

  private async sizeOf(digest: Digest): Promise<number | undefined> {
    try {
      const head = await this.asked(() => this.client.send(new HeadObjectCommand(this.object(digest))));
      return head.ContentLength;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private object(digest: Digest): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.bucket, Key: `${this.prefix}${artifactFileName(digest)}` };
  }

  /** Names what S3 says; that an object is missing is for the caller. */
  private async asked<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (isMissing(error)) throw error;
      const place = `s3://${this.bucket}/${this.prefix}`;
      const isRefusal = error instanceof S3ServiceException && error.$fault === 'client';
      const hasNoCredentials = error instanceof Error && error.name === 'CredentialsProviderError';
      if (isRefusal || hasNoCredentials) throw new StorageRefusedError(place, error);
      throw new StorageUnavailableError(place, TRIES_SECONDS, error);
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}
