/** @file The least that a gRPC service can do: gives back the bytes it gets. Prints its address, ends on SIGTERM. */
import * as grpc from '@grpc/grpc-js';
import { ECHO } from './echo.js';

const server = new grpc.Server();
server.addService(
  { echo: ECHO },
  {
    echo: (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>) =>
      callback(null, call.request),
  },
);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${JSON.stringify({ event: 'ready', address: `127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => server.tryShutdown(() => process.exit(0)));
