/** @file The one exception filter of all services: whatever a handler throws becomes a gRPC status. */
import { Catch, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { toGrpcFailure } from './grpc-status.js';

/** Installed by `startRpcApp`. Streams of requests bypass Nest's filters; `@Rpc` maps their errors the same way. */
@Catch()
export class RpcExceptionFilter implements ExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => toGrpcFailure(thrown));
  }
}
