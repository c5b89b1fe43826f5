/** @file HTTP for those who speak no gRPC: a bounded server of JSON routes, and requests over TLS with certificate files. */
export { errorReply, type HasHttpDetails, type HasHttpStatus, type HttpReply } from './http-reply.js';
export { matchRoute, type HttpRequest, type HttpRoute } from './http-route.js';
export { HttpServer, type HttpServerOptions } from './http-server.js';
export { TlsHttpClient, type TlsRequest } from './tls-client.js';
export {
  BodyTooLargeError,
  BodyUnreadableError,
  ContentTypeUnsupportedError,
  MethodUnsupportedError,
  RouteUnknownError,
} from './http.errors.js';
