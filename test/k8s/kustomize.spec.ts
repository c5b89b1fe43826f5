import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import {
  APPS,
  K8S,
  SKIP_BUILD,
  build,
  documentedVariables,
  kustomizations,
  writtenManifests,
  type App,
  type Container,
  type Manifest,
} from './manifests.js';

const NAME = 'app.kubernetes.io/name';
/** Of the C library, not of an app. */
const isOfRuntime = (name: string): boolean => name.startsWith('MALLOC_');

function one(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  equal(found.length, 1, `${kind} ${name} exists once`);
  return found[0] as Manifest;
}

function containerOf(manifests: readonly Manifest[], app: string): Container {
  return one(manifests, 'Deployment', app).spec.template.spec.containers[0] as Container;
}

const envOf = (container: Container, name: string) => container.env?.find((entry) => entry.name === name)?.value;
const prefixOf = (app: App) => app.toUpperCase().replaceAll('-', '_');
const portOf = (address: string | undefined) => Number(address?.split(':').at(-1));

/** What every pod owes the cluster, written or built. */
function assertHardened(manifests: readonly Manifest[], name: string): void {
  const pod = one(manifests, 'Deployment', name).spec.template.spec;
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
        pod.volumes?.some((volume) => volume.name === mount),
        `${name} mounts a volume that exists: ${mount}`,
      );
    }
  }
}

/** Service, selectors, probes and policy of an app agree with each other. */
function assertWired(manifests: readonly Manifest[], app: App): void {
  const deployment = one(manifests, 'Deployment', app);
  const service = one(manifests, 'Service', app);
  const policy = one(manifests, 'NetworkPolicy', app);
  const container = containerOf(manifests, app);
  const ports = new Map(container.ports.map((port) => [port.name, port.containerPort]));
  const grpc = ports.get('grpc');

  deepEqual(deployment.spec.selector.matchLabels, { [NAME]: app });
  equal(deployment.spec.template.metadata.labels[NAME], app);
  deepEqual(service.spec.selector, { [NAME]: app });
  deepEqual(policy.spec.podSelector.matchLabels, { [NAME]: app });

  deepEqual(new Map(service.spec.ports.map((port) => [port.targetPort, port.port])), ports);
  for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
    equal(probe?.grpc?.port, grpc, `every probe of ${app} asks the health service on the main port`);
  }

  const prefix = prefixOf(app);
  equal(portOf(envOf(container, `${prefix}_ADDRESS`)), grpc);
  equal(ports.get('admin') ?? Number.NaN, portOf(envOf(container, `${prefix}_ADMIN_ADDRESS`)));
  equal(Number(envOf(container, `${prefix}_METRICS_PORT`)), ports.get('metrics'));
  const drainMs = Number(envOf(container, `${prefix}_DRAIN_TIMEOUT_MS`));
  const graceMs = deployment.spec.template.spec.terminationGracePeriodSeconds * 1000;
  ok(graceMs > drainMs, `${app} has ${graceMs} ms to drain in ${drainMs} ms`);
}

/** Only the trainer reaches an admin port, and every port that is served is named in the policy. */
function assertFenced(manifests: readonly Manifest[], app: App): void {
  const { ingress } = one(manifests, 'NetworkPolicy', app).spec;
  const served = containerOf(manifests, app).ports.map((port) => port.name);
  deepEqual(ingress.flatMap((rule) => rule.ports.map((port) => port.port)).toSorted(), served.toSorted());
  for (const rule of ingress.filter(({ ports }) => ports.some(({ port }) => port === 'admin'))) {
    deepEqual(rule.from, [{ podSelector: { matchLabels: { [NAME]: 'trainer' } } }]);
  }
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

  it('point the trainer at the services by name and port', () => {
    const trainer = containerOf(writtenManifests('trainer'), 'trainer');
    const portNamed = (app: App, port: string) =>
      containerOf(writtenManifests(app), app).ports.find(({ name }) => name === port)?.containerPort;
    equal(envOf(trainer, 'TRAINER_POLICY_ADDRESSES'), `dns:///policy:${portNamed('policy', 'grpc')}`);
    equal(envOf(trainer, 'TRAINER_POLICY_ADMIN_ADDRESSES'), `dns:///policy:${portNamed('policy', 'admin')}`);
    equal(envOf(trainer, 'TRAINER_REWARD_ADDRESSES'), `dns:///reward:${portNamed('reward', 'grpc')}`);
    equal(envOf(trainer, 'TRAINER_META_LEARNER_ADDRESS'), `meta-learner:${portNamed('meta-learner', 'grpc')}`);
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
        equal(one(manifests, 'Deployment', app).metadata.labels?.['app.kubernetes.io/part-of'], 'metaapo');
      }
    });
  }

  it('need no claim, no registry and one namespace in the local overlay', () => {
    const manifests = build('overlays/local');
    for (const manifest of manifests) equal(manifest.metadata.namespace, 'metaapo', manifest.metadata.name);
    ok(!manifests.some(({ kind }) => kind === 'PersistentVolumeClaim'));
    for (const app of APPS) {
      const { containers, volumes } = one(manifests, 'Deployment', app).spec.template.spec;
      equal(containers[0]?.image, 'metaapo:local');
      ok(!volumes?.some((volume) => volume.persistentVolumeClaim));
    }
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
