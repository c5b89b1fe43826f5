/** @file A unary method over bytes, without any conversion. */
import * as grpc from '@grpc/grpc-js';

const asIs = (bytes: Buffer): Buffer => bytes;

export const ECHO: grpc.MethodDefinition<Buffer, Buffer> = {
  path: '/bench.Echo/Echo',
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};

export class EchoClient {
  private readonly client: grpc.Client;

  constructor(address: string) {
    this.client = new grpc.Client(address, grpc.credentials.createInsecure());
  }

  echo(bytes: Buffer): Promise<Buffer> {
    const { path, requestSerialize, responseDeserialize } = ECHO;
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, bytes, (error, reply) => {
        if (error || !reply) reject(error ?? new TypeError('no reply'));
        else resolve(reply);
      });
    });
  }

  close(): void {
    this.client.close();
  }
}
