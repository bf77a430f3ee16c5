import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_ADDRESS } from '../fixtures/node/addresses.ts';
import { type SharedNode, sharedNode } from '../fixtures/node/shared.ts';
import { until } from '../fixtures/node/until.ts';
import { only, plainObjects } from './testing.ts';

/** Where a pod listens that no policy permits. */
const PORT = 9000;
/** The user and the rights of the pods in deploy/. */
const RESTRICTED = {
  runAsNonRoot: true,
  runAsUser: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
};

// Enforced by kube-router (fixtures/node). Each row is dialled by a pod that the policy selects and by one that it does not.
describe('the NetworkPolicy on a real node', () => {
  let shared: SharedNode;
  const pods = { hopcheck: '', other: '' };
  const inside = (...args: readonly string[]) => shared.node.kubectl.run('-n', 'hopcheck', ...args);
  beforeAll(async () => {
    shared = await sharedNode();
    await shared.mesh.serve(shared.mesh.healthy);
    await shared.node.apply(plainObjects('gate').filter(({ kind }) => kind === 'Namespace'));
    await shared.node.apply([only(plainObjects('gate'), 'NetworkPolicy'), ...Object.keys(pods).map(listener)]);
    await inside('wait', ...Object.keys(pods).map((name) => `pod/${name}`), '--for=condition=Ready', '--timeout=60s');
    for (const name of ['hopcheck', 'other'] as const)
      pods[name] = await inside('get', 'pod', name, '-o', 'jsonpath={.status.podIP}');
    // The enforcer hears of a new pod a moment later.
    await until('the policy holds', async () => (await dial('hopcheck', `${NODE_ADDRESS}:10250`)) === 'ECONNREFUSED');
  });
  afterAll(() => inside('delete', 'pod', ...Object.keys(pods), '--ignore-not-found', '--now'));

  const dial = async (from: keyof typeof pods, to: string) =>
    (await inside('exec', from, '--', '/usr/local/bin/node', '-e', DIAL, to)).trim();
  const targets = (): readonly { what: string; to: string; hopcheck: string; other: string }[] => {
    const { ip } = shared.mesh.healthy;
    const open = { hopcheck: 'open', other: 'open' };
    const onlyOther = { hopcheck: 'ECONNREFUSED', other: 'open' };
    return [
      { what: 'the gateway, by the name of its Service', to: 'istio-ingressgateway.istio-system:80', ...open },
      { what: 'the trace backend, by the name of its Service', to: 'tracing.istio-system.svc:80', ...open },
      { what: 'the API server', to: 'kubernetes.default.svc:443', ...open },
      { what: 'the port of the gateway in the mesh', to: `${ip}:8080`, ...open },
      { what: 'another port in the mesh', to: `${ip}:9090`, ...onlyOther },
      { what: 'the kubelet of the node', to: `${NODE_ADDRESS}:10250`, ...onlyOther },
      { what: 'a pod beside it', to: `${pods.other}:${PORT}`, ...onlyOther },
      { what: 'a pod of hopcheck', to: `${pods.hopcheck}:${PORT}`, hopcheck: 'open', other: 'ECONNREFUSED' },
    ];
  };

  it('lets hopcheck call DNS, gateway, trace backend and API server, and nothing else; nothing calls hopcheck', async () => {
    const seen = [];
    for (const { what, to } of targets())
      seen.push({ what, to, hopcheck: await dial('hopcheck', to), other: await dial('other', to) });
    expect(seen).toEqual(targets());
  });
});

function listener(name: string) {
  const listen = `require('net').createServer((socket) => socket.end()).listen(${PORT})`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'hopcheck', name, labels: { 'app.kubernetes.io/name': name } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: RESTRICTED,
      containers: [
        {
          name: 'listener',
          image: 'hopcheck:0.1.0',
          command: ['/usr/local/bin/node', '-e', listen],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}

/** Connects to `host:port`, and prints `open` or what the connection met. */
const DIAL = `
const [host, port] = process.argv[1].split(':');
const socket = require('net').connect(port, host);
const say = (word) => { console.log(word); process.exit(0); };
socket.once('connect', () => say('open')).once('error', ({ code }) => say(code)).setTimeout(5000, () => say('no answer'));`;
