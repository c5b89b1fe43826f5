/** @file Goal: a drain ends streams that never end by themselves, whatever their handlers still have to say. */
import { equal, match } from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import * as grpc from '@grpc/grpc-js';
import { CallGate } from './call-gate.js';

const PATH = '/test.v1.Test/Watch';
const SAME = (bytes: Buffer): Buffer => bytes;
/** So that a call that nobody ends fails the test instead of holding it up. */
const PATIENCE_MS = 10_000;

describe('a drain', () => {
  it('tells the callers of endless streams, though a message comes after it', async () => {
    const gate = new CallGate({ concurrentCallsMax: 1, endlessMethods: [PATH] });
    const server = new grpc.Server({ interceptors: [gate.interceptor] });
    let stream: grpc.ServerWritableStream<Buffer, Buffer> | undefined;
    const codec = {
      requestSerialize: SAME,
      requestDeserialize: SAME,
      responseSerialize: SAME,
      responseDeserialize: SAME,
    };
    const watch = { path: PATH, requestStream: false, responseStream: true, ...codec };
    server.addService(
      { watch },
      {
        watch: (call: grpc.ServerWritableStream<Buffer, Buffer>) => {
          stream = call;
          call.write(Buffer.from('first'));
        },
      },
    );
    const port = await new Promise<number>((resolve, reject) => {
      const insecure = grpc.ServerCredentials.createInsecure();
      server.bindAsync('127.0.0.1:0', insecure, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    try {
      const deadline = Date.now() + PATIENCE_MS;
      const call = client.makeServerStreamRequest(PATH, SAME, SAME, Buffer.alloc(0), { deadline });
      const failed = once(call, 'error');
      const [first] = (await once(call, 'data')) as [Buffer];
      equal(first.toString(), 'first');
      stream?.write(Buffer.from('on its way'));
      gate.beginDrain();
      stream?.write(Buffer.from('too late'));
      const [error] = (await failed) as [grpc.ServiceError];
      equal(error.code, grpc.status.UNAVAILABLE);
      match(error.details, /going down/);
    } finally {
      client.close();
      server.forceShutdown();
    }
  });
});
