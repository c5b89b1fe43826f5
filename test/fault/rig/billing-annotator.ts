/**
 * @file An annotator outside the reward service, as one that is paid for would be: it bills an idempotency key once, and
 * gives the same answer to a repetition. So it can tell what a run cost, whatever was killed meanwhile.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

interface Question {
  /** Absent where the service names none; then every question is billed. */
  readonly key?: string;
  readonly prompt: string;
  readonly response: string;
}

/** The reward module that asks the annotator; the same bytes, and so the same digest, wherever the annotator is. */
const ASKING_REWARD = `
import { readFileSync } from 'node:fs';
const url = readFileSync(new URL('annotator.url', import.meta.url), 'utf8');
export async function score({ prompt, response, idempotencyKey }, { signal }) {
  const body = JSON.stringify({ key: idempotencyKey, prompt: prompt.text, response });
  const reply = await fetch(url, { method: 'POST', body, signal });
  if (!reply.ok) throw new TypeError('the annotator answered ' + reply.status);
  return (await reply.json()).score;
}
`;

export const DELAY_MS = 3;

export class BillingAnnotator {
  /** From bill to answer, in milliseconds. */
  delayMs = DELAY_MS;
  private readonly billedKeys = new Set<string>();
  private bill: string[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      void this.answer(request).then((body) => {
        response.end(body);
      });
    });
  }

  static async listen(): Promise<BillingAnnotator> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BillingAnnotator(server);
  }

  /** Writes the module into a folder. @returns its path */
  writeModule(folder: string): string {
    const path = join(folder, 'billing.mjs');
    writeFileSync(path, ASKING_REWARD);
    const { port } = this.server.address() as AddressInfo;
    writeFileSync(join(folder, 'annotator.url'), `http://127.0.0.1:${port}/`);
    return path;
  }

  /** Everything billed since it was last asked, sorted. */
  takeBill(): string[] {
    const bill = this.bill.toSorted();
    this.bill = [];
    this.billedKeys.clear();
    return bill;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
    const { key, prompt, response } = JSON.parse(text) as Question;
    if (key === undefined || !this.billedKeys.has(key)) this.bill.push(JSON.stringify([prompt, response]));
    if (key !== undefined) this.billedKeys.add(key);
    // Billed and not yet answered: whoever dies now asks again.
    await delay(this.delayMs);
    return JSON.stringify({ score: scoreOf(response) });
  }
}

/** Vowels are good, length is not. */
function scoreOf(response: string): number {
  return (response.match(/[aeiou]/g) ?? []).length - 0.1 * response.length;
}
