import { z } from 'zod';

// Kubernetes objects, as far as they are read. The API server has validated them; these schemas check what is relied on
// here, give lists and maps a value where the API omits empty ones, and drop the rest (managed fields are most of it).

const text = z.string();
const number = z.number();
const map = z.record(text, text).default({});
/** A port by number, or by the name of a container's port. */
const portRef = z.union([number, text]);

export const metadata = z.object({
  name: text,
  namespace: text.default(''),
  labels: map,
  annotations: map,
  uid: text.optional(),
  creationTimestamp: text.optional(),
  deletionTimestamp: z.unknown().optional(),
});

export const namespaceObject = z.object({ metadata });

export const serviceObject = z.object({
  metadata,
  spec: z.object({
    type: text.default('ClusterIP'),
    clusterIP: text.optional(),
    selector: map,
    ports: z
      .array(
        z.object({
          name: text.default(''),
          port: number,
          targetPort: portRef.optional(),
          nodePort: number.optional(),
          protocol: text.default('TCP'),
          appProtocol: text.optional(),
        }),
      )
      .default([]),
    trafficDistribution: text.optional(),
  }),
  status: z
    .object({
      loadBalancer: z
        .object({ ingress: z.array(z.object({ ip: text.optional(), hostname: text.optional() })).default([]) })
        .default({ ingress: [] }),
    })
    .default({ loadBalancer: { ingress: [] } }),
});

const container = z.object({
  name: text,
  image: text.default(''),
  restartPolicy: text.optional(),
  ports: z.array(z.object({ name: text.optional(), containerPort: number })).default([]),
  env: z.array(z.object({ name: text, value: text.optional() })).default([]),
});
const containerStatus = z.object({
  name: text,
  ready: z.boolean().default(false),
  restartCount: number.default(0),
  state: z.object({ running: z.object({ startedAt: text.optional() }).nullish() }).optional(),
});

export const podObject = z.object({
  metadata,
  spec: z.object({ containers: z.array(container), initContainers: z.array(container).default([]) }),
  status: z
    .object({
      phase: text.optional(),
      hostIP: text.optional(),
      conditions: z.array(z.object({ type: text, status: text })).default([]),
      containerStatuses: z.array(containerStatus).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
    })
    .default({ conditions: [], containerStatuses: [], initContainerStatuses: [] }),
});

export const deploymentObject = z.object({
  metadata,
  spec: z.object({
    replicas: number.default(1),
    template: z.object({ metadata: z.object({ labels: map }).default({ labels: {} }) }),
  }),
  status: z.object({ readyReplicas: number.default(0) }).default({ readyReplicas: 0 }),
});

export const configMapObject = z.object({ metadata, data: map });

/** `data` is base64, as the API gives it. */
export const secretObject = z.object({ metadata, data: map });

export type Namespace = z.infer<typeof namespaceObject>;
export type Service = z.infer<typeof serviceObject>;
export type ServicePort = Service['spec']['ports'][number];
export type Pod = z.infer<typeof podObject>;
export type Deployment = z.infer<typeof deploymentObject>;
export type ConfigMap = z.infer<typeof configMapObject>;
