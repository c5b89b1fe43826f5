/** @file What can be told of this machine: each check says what it found and, where that is bad, how to mend it. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { installationRoot, messageOf } from '#core';
import { contract, protoFiles } from '#contracts';
import { openCheckpoint } from '#ml/checkpoint';
import { probeExecutionProviders } from '#ml/runtime';
import { createRpcClient } from '#platform/rpc';
import { dependencyVersion } from './dependency-version.js';
import { ServiceGroup } from '../services/service-group.js';

/** `broken` ends in exit code 1; `weak` only warns. */
export type Health = 'good' | 'weak' | 'broken';

export interface Finding {
  readonly check: string;
  readonly health: Health;
  /** What was found. */
  readonly found: string;
  /** How to mend it; absent when there is nothing to mend. */
  readonly mend?: string;
}

type Check = () => Finding | Promise<Finding>;

const NODE_MAJOR_MIN = 24;
const GIB = 2 ** 30;
/** A demo run keeps four services of some 300 MB each. */
const FREE_MEMORY_BYTES_MIN = 2 * GIB;
const FREE_DISK_BYTES_MIN = 1 * GIB;

/** Runs every check; one that throws is a broken one. */
export async function examine(model: string | undefined): Promise<readonly Finding[]> {
  const checks: readonly (readonly [string, Check])[] = [
    ['Node.js', node],
    ['processor', processor],
    ['memory', memory],
    ['disk', disk],
    ['wire contract', wireContract],
    ['ONNX Runtime', onnxRuntime],
    ['meta-learner service', metaLearnerService],
    ['demo model', () => modelFolder(join(installationRoot(), 'configs/demo/model'), 'demo model')],
    ...(model === undefined ? [] : [['model', () => modelFolder(model, 'model')] as const]),
  ];
  const findings: Finding[] = [];
  for (const [name, check] of checks) {
    try {
      findings.push(await check());
    } catch (thrown) {
      findings.push({ check: name, health: 'broken', found: messageOf(thrown), mend: 'npm ci, then npm run build' });
    }
  }
  return findings;
}

function node(): Finding {
  const isOld = Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN;
  return {
    check: 'Node.js',
    health: isOld ? 'broken' : 'good',
    found: `${process.version} on ${process.platform}-${process.arch}`,
    ...(isOld && { mend: `start through npm run metaapo, which brings its own Node ${NODE_MAJOR_MIN}` }),
  };
}

function processor(): Finding {
  const count = availableParallelism();
  return { check: 'processor', health: 'good', found: `${count} cores, ${cpus()[0]?.model.trim() ?? 'model unknown'}` };
}

function memory(): Finding {
  const isLow = freemem() < FREE_MEMORY_BYTES_MIN;
  return {
    check: 'memory',
    health: isLow ? 'weak' : 'good',
    found: `${gib(freemem())} free of ${gib(totalmem())}`,
    ...(isLow && {
      mend: `end other programs: the four services want ${gib(FREE_MEMORY_BYTES_MIN)} and the model’s size`,
    }),
  };
}

async function disk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(process.cwd());
  const isLow = bavail * bsize < FREE_DISK_BYTES_MIN;
  return {
    check: 'disk',
    health: isLow ? 'weak' : 'good',
    found: `${gib(bavail * bsize)} free where runs are written`,
    ...(isLow && { mend: 'free some, or give --run-dir on another disk' }),
  };
}

function wireContract(): Finding {
  const serviceCount = Object.keys(contract()).filter((name) => name.endsWith('Service')).length;
  return { check: 'wire contract', health: 'good', found: `${serviceCount} services in ${protoFiles().length} files` };
}

async function onnxRuntime(): Promise<Finding> {
  const providers = await probeExecutionProviders();
  const working = providers.filter(({ problem }) => problem === null).map(({ name }) => name);
  const others = providers.filter(({ problem }) => problem !== null).map(({ name }) => name);
  const isBroken = !working.includes('cpu');
  return {
    check: 'ONNX Runtime',
    health: isBroken ? 'broken' : 'good',
    found:
      `onnxruntime-node ${dependencyVersion('onnxruntime-node') ?? 'unknown'}, works: ${working.join(', ') || 'nothing'}` +
      (others.length > 0 ? `; known, but not usable here: ${others.join(', ')}` : ''),
    ...(isBroken && { mend: 'npm ci on a platform that onnxruntime-node supports' }),
  };
}

/** Starts the smallest service and calls it: child processes, ports, gRPC and the TensorFlow.js backend in one. */
async function metaLearnerService(): Promise<Finding> {
  const [group, { address }] = await ServiceGroup.startMetaLearner();
  const client = createRpcClient('metaapo.metalearner.v1.MetaLearnerService', address, { timeoutMs: 30_000 });
  try {
    await client.createMetaLearner(
      { runId: 'doctor', settings: { init: 'INIT_KIND_CONSTANT' } },
      { waitForReady: true },
    );
    const { backend } = await client.getMetaLearner({ runId: 'doctor' });
    return {
      check: 'meta-learner service',
      health: 'good',
      found: `answers over gRPC, TensorFlow.js backend: ${backend}`,
    };
  } finally {
    client.close();
    await group.stop();
  }
}

async function modelFolder(folder: string, check: string): Promise<Finding> {
  if (!existsSync(folder)) {
    return {
      check,
      health: 'broken',
      found: `${folder} is absent`,
      mend: 'give a model folder with config.json, or a GGUF file',
    };
  }
  try {
    const { config, tensors } = await openCheckpoint(folder);
    return { check, health: 'good', found: `${config.architecture}, ${tensors.size} tensors` };
  } catch (thrown) {
    return {
      check,
      health: 'broken',
      found: messageOf(thrown),
      mend: 'bring the model as its authors publish it',
    };
  }
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
