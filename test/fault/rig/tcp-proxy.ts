/**
 * @file A TCP proxy between the trainer and one service: it passes bytes on until a test tells it to reset, hold or delay
 * them. It also keeps the service's address the same when the process behind it is another one.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One connection of the trainer, and ours to the service. */
interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  /** Passes nothing on: the network has swallowed it. */
  isHeld: boolean;
  /** What is to be passed on when the network is back, in order. */
  readonly held: (() => void)[];
  /** Ends of delays still to come; what is delayed stays in order. */
  delivered: Promise<void>;
}

export class TcpProxy {
  /** `host:port` of the service; undefined refuses connections. */
  target: string | undefined;
  /** Where connections lead instead, while it is set. */
  detour: string | undefined;
  /** Delay of each chunk of bytes, in milliseconds. */
  delayMs = 0;
  /** Chunks that the service sent back so far. */
  answeredChunks = 0;
  /** Called with every chunk that the service sends, before it is passed on. */
  onAnswer: () => void = () => {};
  /** New connections are held too. */
  private isHolding = false;
  private readonly pairs = new Set<Pair>();

  private constructor(
    readonly name: string,
    private readonly server: Server,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async listen(name: string): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(name, server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection with RST. */
  reset(): void {
    for (const { client, upstream } of this.pairs) {
      breakOff(client);
      breakOff(upstream);
    }
    this.pairs.clear();
  }

  /** Swallows what is sent both ways; over new connections too unless only those there are now. */
  hold({ isForNewOnesToo }: { readonly isForNewOnesToo: boolean }): void {
    this.isHolding = isForNewOnesToo;
    for (const pair of this.pairs) pair.isHeld = true;
  }

  /** Passes on what was swallowed, as a network does that sends again what was lost. */
  release(): void {
    this.isHolding = false;
    for (const pair of this.pairs) {
      pair.isHeld = false;
      for (const deliver of pair.held.splice(0)) pair.delivered = pair.delivered.then(deliver);
    }
  }

  /** As it was in the beginning, but for connections that were broken. */
  heal(): void {
    this.delayMs = 0;
    this.detour = undefined;
    this.onAnswer = () => {};
    this.release();
  }

  close(): void {
    this.reset();
    this.server.close();
  }

  private accept(client: Socket): void {
    const [host, port] = (this.detour ?? this.target ?? '').split(':');
    client.on('error', () => {});
    if (!host || !port) {
      breakOff(client);
      return;
    }
    const upstream = connect({ host, port: Number(port), noDelay: true, allowHalfOpen: true });
    const pair: Pair = { client, upstream, isHeld: this.isHolding, held: [], delivered: Promise.resolve() };
    this.pairs.add(pair);
    this.forward(pair, client, upstream);
    this.forward(pair, upstream, client);
  }

  private forward(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => {
      if (from === pair.upstream) {
        this.answeredChunks += 1;
        this.onAnswer();
      }
      this.pass(pair, () => void to.write(chunk));
    });
    from.on('end', () => this.pass(pair, () => void to.end()));
    from.on('error', () => {});
    from.on('close', () => this.pass(pair, () => this.drop(pair, from, to)));
  }

  private drop(pair: Pair, from: Socket, to: Socket): void {
    this.pairs.delete(pair);
    if (from.readableEnded) to.destroy();
    else breakOff(to);
  }

  private pass(pair: Pair, deliver: () => void): void {
    const { delayMs } = this;
    if (pair.isHeld) pair.held.push(deliver);
    else if (delayMs === 0) void pair.delivered.then(deliver);
    else pair.delivered = pair.delivered.then(() => delayed(delayMs)).then(deliver);
  }
}

/**
 * Breaks a connection with RST, once an end on its way is through: Node 24 refuses an RST before (EINVAL), and loses the
 * handle, which makes the process spin at its exit instead of ending.
 */
function breakOff(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}

async function delayed(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
