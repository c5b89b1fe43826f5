import { deepEqual, equal, ok } from 'node:assert/strict';
import { BlockList } from 'node:net';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { ALIVE_PATH, READY_PATH } from '#platform/telemetry';
import {
  APPS,
  K8S,
  SKIP_BUILD,
  build,
  documentedVariables,
  kustomizations,
  writtenIn,
  writtenManifests,
  type App,
  type Container,
  type Labels,
  type Manifest,
} from './manifests.js';

const NAME = 'app.kubernetes.io/name';
/** Apps whose replicas have a volume each. */
const STATEFUL: ReadonlySet<string> = new Set(['reward']);
/** Labels of the pods that may change what an app serves: the trainer pushes adapters; nobody swaps rewards by the way. */
const ADMINISTRATORS: Partial<Record<App, Labels>> = {
  policy: { [NAME]: 'trainer' },
  reward: { 'metaapo/administers': 'reward' },
};
/** Of the C library, not of an app. */
const isOfRuntime = (name: string): boolean => name.startsWith('MALLOC_');

function one(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  equal(found.length, 1, `${kind} ${name} exists once`);
  return found[0] as Manifest;
}

/** What runs the pods of an app: a Deployment, or a StatefulSet where each replica remembers something. */
function workloadOf(manifests: readonly Manifest[], name: string): Manifest {
  return one(manifests, STATEFUL.has(name) ? 'StatefulSet' : 'Deployment', name);
}

/** All manifests of a kind that select the pods of an app. */
function selecting(manifests: readonly Manifest[], kind: string, app: string): Manifest[] {
  const labelsOf = ({ spec }: Manifest) => (kind === 'NetworkPolicy' ? spec.podSelector.matchLabels : spec.selector);
  return manifests.filter((manifest) => manifest.kind === kind && labelsOf(manifest)[NAME] === app);
}

function containerOf(manifests: readonly Manifest[], app: string): Container {
  return workloadOf(manifests, app).spec.template.spec.containers[0] as Container;
}

const envOf = (container: Container, name: string) => container.env?.find((entry) => entry.name === name)?.value;
const prefixOf = (app: App) => app.toUpperCase().replaceAll('-', '_');
const portOf = (address: string | undefined) => Number(address?.split(':').at(-1));

/** What every pod owes the cluster, written or built. */
function assertHardened(manifests: readonly Manifest[], name: string): void {
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
function assertWired(manifests: readonly Manifest[], app: App): void {
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
function assertFenced(manifests: readonly Manifest[], app: App): void {
  const ingress = selecting(manifests, 'NetworkPolicy', app).flatMap(({ spec }) => spec.ingress ?? []);
  const served = containerOf(manifests, app).ports.map((port) => port.name);
  deepEqual(ingress.flatMap((rule) => rule.ports.map((port) => port.port)).toSorted(), served.toSorted());
  for (const rule of ingress.filter(({ ports }) => ports.some(({ port }) => port === 'admin'))) {
    deepEqual(rule.from, [{ podSelector: { matchLabels: ADMINISTRATORS[app] } }]);
  }
}

/** Public addresses alone, over HTTPS alone, beside what is named by label; the cluster's own networks are not among them. */
function assertOutward({ spec }: Manifest): void {
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

const probesOf = ({ startupProbe, readinessProbe, livenessProbe }: Container) => [
  startupProbe,
  readinessProbe,
  livenessProbe,
];

/** As `libs/platform/telemetry` answers them. */
function assertProbedOverHttp(container: Container): void {
  deepEqual(
    probesOf(container).map((probe) => probe?.httpGet),
    [READY_PATH, READY_PATH, ALIVE_PATH].map((path) => ({ path, port: 'metrics' })),
  );
}

describe('manifests as written', () => {
  it('name only files that exist in every kustomization, and leave none out', () => {
    for (const { folder, content } of kustomizations()) {
      const resources = (content['resources'] ?? []) as string[];
      const patches = ((content['patches'] ?? []) as { path?: string }[]).flatMap(({ path }) => path ?? []);
      const generators = (content['configMapGenerator'] ?? []) as { files: string[] }[];
      const named = [...resources, ...patches, ...generators.flatMap(({ files }) => files)];
      const where = relative(K8S, folder);
      for (const name of named) ok(existsSync(join(folder, name)), `${where} names ${name}, which does not exist`);
      const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
      for (const file of files) ok(named.includes(file), `${where} leaves out ${file}`);
    }
  });

  it('keep overlays to patches: no resource but the base', () => {
    for (const { folder, content } of kustomizations()) {
      if (!relative(K8S, folder).startsWith('overlays')) continue;
      deepEqual(content['resources'], ['../../base']);
    }
  });

  for (const app of APPS) {
    it(`run ${app} hardened, wired and fenced`, () => {
      const manifests = writtenManifests(app);
      assertHardened(manifests, app);
      assertWired(manifests, app);
      assertFenced(manifests, app);
      deepEqual(containerOf(manifests, app).args, [`dist/apps/${app}/src/main.js`]);
    });

    it(`set only variables that ${app} has, on its default ports`, () => {
      const documented = documentedVariables(app);
      const container = containerOf(writtenManifests(app), app);
      const own = (container.env ?? []).filter(({ name }) => !isOfRuntime(name));
      for (const { name } of own) ok(documented.has(name), `${name} is a variable of ${app}`);
      for (const name of [`${prefixOf(app)}_ADDRESS`, `${prefixOf(app)}_ADMIN_ADDRESS`]) {
        if (documented.has(name)) equal(portOf(envOf(container, name)), portOf(documented.get(name)), name);
      }
    });
  }

  it('probe a reward service behind TLS over HTTP, on a port that it has, instead of over gRPC', () => {
    const patch = containerOf(writtenIn('components/reward-tls'), 'reward');
    assertProbedOverHttp(patch);
    for (const probe of probesOf(patch)) equal(probe?.grpc, null, 'a patch takes away what the base says');
    ok(containerOf(writtenManifests('reward'), 'reward').ports.some(({ name }) => name === 'metrics'));
  });

  it('let a reward service out to judges and name their keys, where its component is switched on', () => {
    const manifests = writtenIn('components/reward-outward');
    assertOutward(one(manifests, 'NetworkPolicy', 'reward-outward'));
    deepEqual(containerOf(manifests, 'reward').envFrom, [{ secretRef: { name: 'reward-keys' } }]);
  });

  it('point the trainer at the services by name and port', () => {
    const trainer = containerOf(writtenManifests('trainer'), 'trainer');
    const portNamed = (app: App, port: string) =>
      containerOf(writtenManifests(app), app).ports.find(({ name }) => name === port)?.containerPort;
    equal(envOf(trainer, 'TRAINER_POLICY_ADDRESSES'), `dns:///policy:${portNamed('policy', 'grpc')}`);
    equal(envOf(trainer, 'TRAINER_POLICY_ADMIN_ADDRESSES'), `dns:///policy:${portNamed('policy', 'admin')}`);
    equal(envOf(trainer, 'TRAINER_REWARD_ADDRESSES'), `dns:///reward:${portNamed('reward', 'grpc')}`);
    equal(envOf(trainer, 'TRAINER_META_LEARNER_ADDRESS'), `meta-learner:${portNamed('meta-learner', 'grpc')}`);
  });

  it('lead to the admin port of rewards by no name that callers use, and to every replica by its own', () => {
    const manifests = writtenManifests('reward');
    deepEqual(
      one(manifests, 'Service', 'reward').spec.ports.map(({ name }) => name),
      ['grpc', 'metrics'],
    );
    const admin = one(manifests, 'Service', 'reward-admin').spec;
    deepEqual([admin.clusterIP, admin.ports.map(({ name }) => name)], ['None', ['admin']]);
  });

  it('give each reward replica a volume for its state, and a name', () => {
    const { spec } = workloadOf(writtenManifests('reward'), 'reward');
    const mount = spec.template.spec.containers[0]?.volumeMounts?.find(({ name }) => name === 'state')?.mountPath ?? '';
    equal(spec.serviceName, 'reward');
    deepEqual(
      spec.volumeClaimTemplates?.map(({ metadata }) => metadata.name),
      ['state'],
    );
    for (const name of ['REWARD_STATE_PATH', 'REWARD_REQUEST_CACHE_PATH']) {
      ok(envOf(containerOf(writtenManifests('reward'), 'reward'), name)?.startsWith(`${mount}/`), name);
    }
  });

  it('have a headless service wherever the trainer looks a name up', () => {
    for (const app of ['policy', 'reward'] as const) {
      equal(one(writtenManifests(app), 'Service', app).spec.clusterIP, 'None', `${app} has every pod behind its name`);
    }
  });
});

describe('manifests as built', { skip: SKIP_BUILD }, () => {
  for (const folder of ['base', 'overlays/local']) {
    it(`stay hardened, wired and fenced in ${folder}`, () => {
      const manifests = build(folder);
      for (const app of APPS) {
        assertHardened(manifests, app);
        assertWired(manifests, app);
        assertFenced(manifests, app);
        equal(workloadOf(manifests, app).metadata.labels?.['app.kubernetes.io/part-of'], 'metaapo');
      }
    });
  }

  it('need no claim, no registry and one namespace in the local overlay', () => {
    const manifests = build('overlays/local');
    for (const manifest of manifests) equal(manifest.metadata.namespace, 'metaapo', manifest.metadata.name);
    ok(!manifests.some(({ kind }) => kind === 'PersistentVolumeClaim'));
    for (const app of APPS) {
      const { template, volumeClaimTemplates } = workloadOf(manifests, app).spec;
      const { containers, volumes } = template.spec;
      equal(volumeClaimTemplates, undefined);
      equal(containers[0]?.image, 'metaapo:local');
      ok(!volumes?.some((volume) => volume.persistentVolumeClaim));
    }
  });

  it('serve rewards over HTTP once its component is switched on, wired and fenced as the rest', () => {
    const manifests = build('overlays/local', ['reward-http']);
    assertWired(manifests, 'reward');
    assertFenced(manifests, 'reward');
    const { ports, env } = containerOf(manifests, 'reward');
    const address = env?.find(({ name }) => name === 'REWARD_HTTP_ADDRESS')?.value;
    equal(portOf(address), ports.find(({ name }) => name === 'http')?.containerPort);
  });

  it('serve rewards behind TLS once its component is switched on, with variables that exist and secrets that are mounted', () => {
    const manifests = build('overlays/local', ['reward-tls']);
    for (const app of ['reward', 'trainer'] as const) {
      assertHardened(manifests, app);
      assertFenced(manifests, app);
      const container = containerOf(manifests, app);
      const variables = (container.env ?? []).filter(({ name }) => name.includes('TLS'));
      ok(variables.length > 0);
      const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
      for (const { name, value = '' } of variables) {
        ok(documentedVariables(app).has(name), `${name} is a variable of ${app}`);
        if (!name.endsWith('_PATH')) continue;
        ok(
          mounts.some((mount) => value.startsWith(`${mount}/`)),
          `${value} is mounted`,
        );
      }
    }
    assertProbedOverHttp(containerOf(manifests, 'reward'));
    for (const probe of probesOf(containerOf(manifests, 'reward'))) equal(probe?.grpc, undefined);
  });

  it('let rewards out once their component is switched on, fenced and hardened as the rest', () => {
    const manifests = build('overlays/local', ['reward-outward']);
    assertHardened(manifests, 'reward');
    assertWired(manifests, 'reward');
    assertFenced(manifests, 'reward');
    deepEqual(containerOf(manifests, 'reward').envFrom, [{ secretRef: { name: 'reward-keys' } }]);
    assertOutward(one(manifests, 'NetworkPolicy', 'reward-outward'));
  });

  it('send telemetry to the collector once its component is switched on', () => {
    const manifests = build('overlays/local', ['otel-collector']);
    assertHardened(manifests, 'otel-collector');
    const port = one(manifests, 'Service', 'otel-collector').spec.ports[0]?.port;
    for (const app of APPS) {
      equal(envOf(containerOf(manifests, app), 'OTEL_EXPORTER_OTLP_ENDPOINT'), `http://otel-collector:${port}`);
    }
  });
});
