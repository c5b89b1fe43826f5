/**
 * @file From the generated types of the contract to the shapes that callers and handlers see.
 *
 * The kind of a method (unary, or which sides stream) is read from its generated handler type, its messages from its
 * generated definition; so a change of a `.proto` file that matters does not compile until the code follows.
 */
import type { MethodDefinition } from '@grpc/proto-loader';
import type { ContractServices, ServiceName } from '#contracts';

/** Keys that were written down, without the index signature that the generated interfaces inherit. */
type DeclaredKeys<T> = keyof {
  [K in keyof T as string extends K ? never : number extends K ? never : symbol extends K ? never : K]: T[K];
};

type Definition<S extends ServiceName> = ContractServices[S]['definition'];

/** Names of a service's methods as in the `.proto` file, for instance `GenerateResponses`. */
export type MethodName<S extends ServiceName> = DeclaredKeys<Definition<S>> & string;

type Messages<S extends ServiceName, M extends MethodName<S>> =
  Definition<S>[M] extends MethodDefinition<infer Request, infer Response, infer RequestOut, infer ResponseOut>
    ? { request: Request; response: Response; requestOut: RequestOut; responseOut: ResponseOut }
    : never;

/** Request as a caller writes it. */
export type RequestInput<S extends ServiceName, M extends MethodName<S>> = Messages<S, M>['request'];
/** Request as a handler receives it. */
export type RequestOutput<S extends ServiceName, M extends MethodName<S>> = Messages<S, M>['requestOut'];
/** Response as a handler writes it. */
export type ResponseInput<S extends ServiceName, M extends MethodName<S>> = Messages<S, M>['response'];
/** Response as a caller receives it. */
export type ResponseOutput<S extends ServiceName, M extends MethodName<S>> = Messages<S, M>['responseOut'];

type ServerCallOf<S extends ServiceName, M extends MethodName<S>> = ContractServices[S]['handlers'][M] extends (
  call: infer Call,
  ...rest: never[]
) => unknown
  ? Call
  : never;

/** Which sides of a method stream. */
export type StreamKind<S extends ServiceName, M extends MethodName<S>> =
  ServerCallOf<S, M> extends { read: unknown }
    ? ServerCallOf<S, M> extends { write: unknown }
      ? 'bidi'
      : 'client'
    : ServerCallOf<S, M> extends { write: unknown }
      ? 'server'
      : 'unary';
