import { z } from 'zod';
import { metadata } from './objects.ts';

// Istio's objects (networking.istio.io, telemetry.istio.io) and Gateway API's, as far as they are read.

const text = z.string();
const number = z.number();
const port = z.object({ number: number.optional(), name: text.optional(), protocol: text.optional() });
/** `exact`, `prefix` or `regex`; a condition of another kind never counts as met. */
const stringMatch = z.object({ exact: text.optional(), prefix: text.optional(), regex: text.optional() });
const headers = z.record(text, stringMatch).optional();
const destination = z.object({ host: text, subset: text.optional(), port: port.optional() });
const percentage = z.object({ value: number.default(0) });

export const gatewayObject = z.object({
  metadata,
  spec: z.object({
    selector: z.record(text, text).default({}),
    servers: z
      .array(
        z.object({
          port: z.object({ number, name: text.optional(), protocol: text }),
          hosts: z.array(text).default([]),
          tls: z.object({ mode: text.optional(), httpsRedirect: z.boolean().optional() }).optional(),
        }),
      )
      .default([]),
  }),
});

const httpMatch = z.object({
  uri: stringMatch.optional(),
  method: stringMatch.optional(),
  authority: stringMatch.optional(),
  scheme: stringMatch.optional(),
  headers,
  withoutHeaders: headers,
  queryParams: headers,
  sourceLabels: z.record(text, text).optional(),
  sourceNamespace: text.optional(),
  gateways: z.array(text).optional(),
  port: number.optional(),
});

export const virtualServiceObject = z.object({
  metadata,
  spec: z.object({
    hosts: z.array(text).default([]),
    gateways: z.array(text).default(['mesh']),
    exportTo: z.array(text).default(['*']),
    http: z
      .array(
        z.object({
          name: text.optional(),
          match: z.array(httpMatch).default([]),
          route: z.array(z.object({ destination, weight: number.optional() })).default([]),
          redirect: z.unknown().optional(),
          directResponse: z.unknown().optional(),
          delegate: z.object({ name: text, namespace: text.optional() }).optional(),
          mirror: destination.optional(),
          mirrors: z.array(z.object({ destination })).optional(),
          fault: z
            .object({
              delay: z
                .object({ percentage: percentage.optional(), percent: number.optional(), fixedDelay: text.optional() })
                .optional(),
              abort: z
                .object({
                  percentage: percentage.optional(),
                  percent: number.optional(),
                  httpStatus: number.optional(),
                })
                .optional(),
            })
            .optional(),
          retries: z.object({ attempts: number.optional() }).optional(),
          timeout: text.optional(),
        }),
      )
      .default([]),
  }),
});

const trafficPolicy = z.object({
  loadBalancer: z
    .object({
      simple: text.optional(),
      consistentHash: z.unknown().optional(),
      localityLbSetting: z.object({ enabled: z.boolean().optional() }).optional(),
      warmup: z.unknown().optional(),
      warmupDurationSecs: z.unknown().optional(),
    })
    .optional(),
  outlierDetection: z.unknown().optional(),
});
const policyWithPorts = trafficPolicy.extend({
  portLevelSettings: z.array(trafficPolicy.extend({ port: port.optional() })).optional(),
});

export const destinationRuleObject = z.object({
  metadata,
  spec: z.object({
    host: text,
    exportTo: z.array(text).default(['*']),
    trafficPolicy: policyWithPorts.optional(),
    subsets: z
      .array(
        z.object({
          name: text,
          labels: z.record(text, text).default({}),
          trafficPolicy: policyWithPorts.optional(),
        }),
      )
      .default([]),
  }),
});

export const telemetryObject = z.object({
  /** Who last changed it and when: the only place of a Kubernetes object that says so. */
  metadata: metadata.extend({ managedFields: z.array(z.object({ time: text.optional() })).optional() }),
  spec: z
    .object({
      selector: z.object({ matchLabels: z.record(text, text).default({}) }).optional(),
      targetRef: z.unknown().optional(),
      targetRefs: z.array(z.unknown()).optional(),
      tracing: z
        .array(
          z.object({
            match: z.object({ mode: text.optional() }).optional(),
            providers: z.array(z.object({ name: text })).optional(),
            randomSamplingPercentage: number.optional(),
            disableSpanReporting: z.boolean().optional(),
            disableContextPropagation: z.boolean().optional(),
          }),
        )
        .default([]),
    })
    .default({ tracing: [] }),
});

export const apiGatewayObject = z.object({
  metadata,
  spec: z.object({
    gatewayClassName: text,
    listeners: z.array(z.object({ name: text, hostname: text.optional(), port: number, protocol: text })).default([]),
  }),
  status: z
    .object({ addresses: z.array(z.object({ type: text.optional(), value: text })).default([]) })
    .default({ addresses: [] }),
});

const parentRef = z.object({
  group: text.default('gateway.networking.k8s.io'),
  kind: text.default('Gateway'),
  name: text,
  namespace: text.optional(),
  sectionName: text.optional(),
  port: number.optional(),
});

export const httpRouteObject = z.object({
  metadata,
  spec: z.object({
    parentRefs: z.array(parentRef).default([]),
    hostnames: z.array(text).default([]),
    rules: z
      .array(
        z.object({
          matches: z
            .array(
              z.object({
                path: z.object({ type: text.default('PathPrefix'), value: text.default('/') }).optional(),
                method: text.optional(),
                headers: z.array(z.unknown()).optional(),
                queryParams: z.array(z.unknown()).optional(),
              }),
            )
            .default([]),
          backendRefs: z
            .array(
              z.object({
                kind: text.default('Service'),
                name: text,
                namespace: text.optional(),
                port: number.optional(),
                weight: number.default(1),
              }),
            )
            .default([]),
        }),
      )
      .default([]),
  }),
});

export type Gateway = z.infer<typeof gatewayObject>;
export type VirtualService = z.infer<typeof virtualServiceObject>;
export type HttpRoute = VirtualService['spec']['http'][number];
export type HttpMatch = z.infer<typeof httpMatch>;
export type StringMatch = z.infer<typeof stringMatch>;
export type DestinationRule = z.infer<typeof destinationRuleObject>;
export type TrafficPolicy = z.infer<typeof trafficPolicy>;
export type Telemetry = z.infer<typeof telemetryObject>;
export type ApiGateway = z.infer<typeof apiGatewayObject>;
export type ApiHttpRoute = z.infer<typeof httpRouteObject>;
