/** @file Reward servers of other projects, as they are configured: one shape per protocol. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { callFields } from '../http/call-settings.js';
import { tlsProblem, tlsSpec, type TlsSpec } from '../http/client-tls.js';
import { headerName, httpUrl, variableName } from '../http/endpoint.js';

const absolutePath = z.string().refine(isAbsolute, 'expected an absolute path');
const name = z.string().min(1);
const batchSize = z.number().int().min(1).max(4096).optional();

const common = {
  backend: z.literal('remote'),
  /** Whatever tells this model from its successors, where the server cannot tell it. */
  revision: name.optional(),
  score_min: z.number().optional(),
  score_max: z.number().optional(),
  bills: z.boolean().optional(),
  ...callFields,
};

const overHttp = {
  ...common,
  url: httpUrl,
  api_key_env: variableName.optional(),
  api_key_header: headerName.optional(),
  tls: tlsSpec.optional(),
};

/** Adds what is wrong between address and certificates. */
function checkTls(
  { url, tls }: { readonly url: string; readonly tls?: TlsSpec | undefined },
  context: z.RefinementCtx,
) {
  const message = tlsProblem(url, tls);
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['url'], message });
}

/** A folder with a tokenizer's files, whose chat template is meant. */
const template = absolutePath;

export const openrlhfSpec = z
  .strictObject({
    ...overHttp,
    protocol: z.literal('openrlhf'),
    template: z.union([z.literal('concatenate'), template]),
    model: name.optional(),
    batch_size: batchSize,
  })
  .superRefine(checkTls);

export const vllmSpec = z
  .strictObject({
    ...overHttp,
    protocol: z.literal('vllm'),
    model: name,
    template: template.optional(),
    label: z.number().int().min(0).optional(),
    activation: z.enum(['none', 'server']).optional(),
    batch_size: batchSize,
  })
  .superRefine(checkTls);

export const slimeSpec = z
  .strictObject({
    ...overHttp,
    protocol: z.literal('slime'),
    template: template.optional(),
    model: name.optional(),
    score_key: name.optional(),
  })
  .superRefine(checkTls);

export const oipSpec = z
  .strictObject({
    ...common,
    protocol: z.literal('oip'),
    address: z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/, 'expected host:port'),
    model: name,
    /** Version of the model; absent: whichever the server chooses. */
    version: name.optional(),
    prompt_input: name.optional(),
    response_input: name.optional(),
    text_input: name.optional(),
    template: template.optional(),
    output: name.optional(),
    label: z.number().int().min(0).optional(),
    batch_size: batchSize,
    tls: tlsSpec.optional(),
  })
  .superRefine((spec, context) => {
    const problem = textInputProblem(spec);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['text_input'], message: problem });
  });

/** All four carry one `backend`: they are told apart by `protocol`. */
export const remoteSpec = z.discriminatedUnion('protocol', [openrlhfSpec, vllmSpec, slimeSpec, oipSpec]);

export type OpenrlhfSpec = Readonly<z.output<typeof openrlhfSpec>>;
export type VllmSpec = Readonly<z.output<typeof vllmSpec>>;
export type SlimeSpec = Readonly<z.output<typeof slimeSpec>>;
export type OipSpec = Readonly<z.output<typeof oipSpec>>;
export type RemoteSpec = OpenrlhfSpec | VllmSpec | SlimeSpec | OipSpec;

interface TextInputFields {
  readonly text_input?: string | undefined;
  readonly prompt_input?: string | undefined;
  readonly response_input?: string | undefined;
  readonly template?: string | undefined;
}

function textInputProblem({ text_input, prompt_input, response_input, template }: TextInputFields): string | undefined {
  if (text_input === undefined) return undefined;
  if (template === undefined) return 'expected "template" beside "text_input": one text needs a chat template';
  if (prompt_input === undefined && response_input === undefined) return undefined;
  return 'expected "text_input", or "prompt_input" and "response_input", not both';
}
