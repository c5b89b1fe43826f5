/** @file HTTP for clients that speak no gRPC: a bounded server of JSON routes. */
export { errorReply, type HasHttpDetails, type HasHttpStatus, type HttpReply } from './http-reply.js';
export { matchRoute, type HttpRequest, type HttpRoute } from './http-route.js';
export { HttpServer, type HttpServerOptions } from './http-server.js';
export {
  BodyTooLargeError,
  BodyUnreadableError,
  ContentTypeUnsupportedError,
  MethodUnsupportedError,
  RouteUnknownError,
} from './http.errors.js';
