/** @file What every manifest owes the cluster and the apps, asserted of those that are written and of those that are built. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { BlockList } from 'node:net';
import { ALIVE_PATH, READY_PATH } from '#platform/telemetry';
import type { App, Container, Labels, Manifest } from './manifests.js';

const NAME = 'app.kubernetes.io/name';
/** Apps whose replicas have a volume each. */
const STATEFUL: ReadonlySet<string> = new Set(['reward']);
/** Labels of the pods that may change what an app serves: the trainer pushes adapters; nobody swaps rewards by the way. */
const ADMINISTRATORS: Partial<Record<App, Labels>> = {
  policy: { [NAME]: 'trainer' },
  reward: { 'metaapo/administers': 'reward' },
};
/** Of the C library, not of an app. */
export const isOfRuntime = (name: string): boolean => name.startsWith('MALLOC_');

export function one(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  equal(found.length, 1, `${kind} ${name} exists once`);
  return found[0] as Manifest;
}

/** What runs the pods of an app: a Deployment, or a StatefulSet where each replica remembers something. */
export function workloadOf(manifests: readonly Manifest[], name: string): Manifest {
  return one(manifests, STATEFUL.has(name) ? 'StatefulSet' : 'Deployment', name);
}

/** All manifests of a kind that select the pods of an app. */
function selecting(manifests: readonly Manifest[], kind: string, app: string): Manifest[] {
  const labelsOf = ({ spec }: Manifest) => (kind === 'NetworkPolicy' ? spec.podSelector.matchLabels : spec.selector);
  return manifests.filter((manifest) => manifest.kind === kind && labelsOf(manifest)[NAME] === app);
}

export function containerOf(manifests: readonly Manifest[], app: string): Container {
  return workloadOf(manifests, app).spec.template.spec.containers[0] as Container;
}

export const envOf = (container: Container, name: string) => container.env?.find((entry) => entry.name === name)?.value;
export const prefixOf = (app: App) => app.toUpperCase().replaceAll('-', '_');
export const portOf = (address: string | undefined) => Number(address?.split(':').at(-1));

/** What every pod owes the cluster, written or built. */
export function assertHardened(manifests: readonly Manifest[], name: string): void {
  const workload = workloadOf(manifests, name);
  const pod = workload.spec.template.spec;
  const claimed = (workload.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  equal(pod.serviceAccountName, name);
  one(manifests, 'ServiceAccount', name);
  equal(pod.automountServiceAccountToken, false);
  equal(pod.enableServiceLinks, false);
  equal(pod.securityContext['runAsNonRoot'], true);
  ok(Number(pod.securityContext['runAsUser']) > 0, 'the user is given by number and is not root');
  deepEqual(pod.securityContext['seccompProfile'], { type: 'RuntimeDefault' });
  for (const container of pod.containers) {
    deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const resource of ['cpu', 'memory', 'ephemeral-storage']) {
      ok(container.resources.requests[resource], `${name} requests ${resource}`);
      ok(container.resources.limits[resource], `${name} limits ${resource}`);
    }
    ok(container.startupProbe && container.readinessProbe && container.livenessProbe, `${name} has all probes`);
    for (const { name: mount } of container.volumeMounts ?? []) {
      ok(
        claimed.includes(mount) || pod.volumes?.some((volume) => volume.name === mount),
        `${name} mounts a volume that exists: ${mount}`,
      );
    }
  }
}

/** Service, selectors, probes and policy of an app agree with each other. */
export function assertWired(manifests: readonly Manifest[], app: App): void {
  const workload = workloadOf(manifests, app);
  const services = selecting(manifests, 'Service', app);
  const container = containerOf(manifests, app);
  const ports = new Map(container.ports.map((port) => [port.name, port.containerPort]));
  const grpc = ports.get('grpc');

  deepEqual(workload.spec.selector.matchLabels, { [NAME]: app });
  equal(workload.spec.template.metadata.labels[NAME], app);
  for (const { spec } of services) deepEqual(spec.selector, { [NAME]: app });
  for (const { spec } of selecting(manifests, 'NetworkPolicy', app))
    deepEqual(spec.podSelector.matchLabels, { [NAME]: app });

  const served = services.flatMap(({ spec }) => spec.ports.map((port) => [port.targetPort, port.port] as const));
  equal(served.length, ports.size, `every port of ${app} is served once`);
  deepEqual(new Map(served), ports);
  for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
    equal(probe?.grpc?.port, grpc, `every probe of ${app} asks the health service on the main port`);
  }

  const prefix = prefixOf(app);
  equal(portOf(envOf(container, `${prefix}_ADDRESS`)), grpc);
  equal(ports.get('admin') ?? Number.NaN, portOf(envOf(container, `${prefix}_ADMIN_ADDRESS`)));
  equal(Number(envOf(container, `${prefix}_METRICS_PORT`)), ports.get('metrics'));
  const drainMs = Number(envOf(container, `${prefix}_DRAIN_TIMEOUT_MS`));
  const graceMs = workload.spec.template.spec.terminationGracePeriodSeconds * 1000;
  ok(graceMs > drainMs, `${app} has ${graceMs} ms to drain in ${drainMs} ms`);
}

/** Only who may reach an admin port does, and every port that is served is named once in the policies. */
export function assertFenced(manifests: readonly Manifest[], app: App): void {
  const ingress = selecting(manifests, 'NetworkPolicy', app).flatMap(({ spec }) => spec.ingress ?? []);
  const served = containerOf(manifests, app).ports.map((port) => port.name);
  deepEqual(ingress.flatMap((rule) => rule.ports.map((port) => port.port)).toSorted(), served.toSorted());
  for (const rule of ingress.filter(({ ports }) => ports.some(({ port }) => port === 'admin'))) {
    deepEqual(rule.from, [{ podSelector: { matchLabels: ADMINISTRATORS[app] } }]);
  }
}

/** Public addresses alone, over HTTPS alone, beside what is named by label; the cluster's own networks are not among them. */
export function assertOutward({ spec }: Manifest): void {
  deepEqual([spec.podSelector.matchLabels, spec.policyTypes], [{ [NAME]: 'reward' }, ['Egress']]);
  const blocks = (spec.egress ?? []).filter(({ to }) => to.some(({ ipBlock }) => ipBlock));
  deepEqual(
    blocks.map(({ ports }) => ports),
    [[{ port: 443, protocol: 'TCP' }]],
  );
  const closed = new BlockList();
  for (const subnet of blocks.flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock?.except ?? []))) {
    const [address = '', prefix] = subnet.split('/');
    closed.addSubnet(address, Number(prefix));
  }
  for (const address of ['10.96.0.1', '172.17.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254']) {
    ok(closed.check(address), `${address} is closed`);
  }
  equal(closed.check('104.18.7.192'), false);
  const named = (spec.egress ?? []).filter((rule) => !blocks.includes(rule)).flatMap(({ to }) => to);
  ok(named.every(({ podSelector }) => Object.keys(podSelector?.matchLabels ?? {}).length > 0));
  const dns = (spec.egress ?? []).find(({ ports }) => ports?.some(({ port }) => port === 53));
  deepEqual(dns?.ports?.map(({ protocol }) => protocol).toSorted(), ['TCP', 'UDP']);
}

export const probesOf = ({ startupProbe, readinessProbe, livenessProbe }: Container) => [
  startupProbe,
  readinessProbe,
  livenessProbe,
];

/** As `libs/platform/telemetry` answers them. */
export function assertProbedOverHttp(container: Container): void {
  deepEqual(
    probesOf(container).map((probe) => probe?.httpGet),
    [READY_PATH, READY_PATH, ALIVE_PATH].map((path) => ({ path, port: 'metrics' })),
  );
}
