import type { ConfigurationIssue } from '../../model/cluster.ts';
import { isService } from '../objects/hosts.ts';
import { named, type Situation } from '../objects/situation.ts';
import { collectors } from './tracing.ts';

/** The Service that proxies report to is there, and its port is one they can speak to. */
export function collectorIssues(situation: Situation): ConfigurationIssue[] {
  return collectors(situation).flatMap(({ host, port, protocol }): ConfigurationIssue[] => {
    const { services } = situation.objects;
    const { rootNamespace } = situation.mesh;
    const service = services.find(({ metadata }) => isService(host, rootNamespace, metadata.name, metadata.namespace));
    const issue = (expected: string, received: string, remedy: string): ConfigurationIssue[] => [
      { code: 'HC804', severity: 'error', subject: { kind: 'backend' }, expected, received, remedy },
    ];
    if (service === undefined) {
      // A name outside the namespaces that were read, or outside the cluster, says nothing.
      const [name = '', namespace = rootNamespace] = host.split('.');
      if (!/\.svc(\.|$)/.test(host) || !services.some(({ metadata }) => metadata.namespace === namespace)) return [];
      return issue(
        `Service ${namespace}/${name}, to which the proxies send their spans`,
        'there is none',
        `kubectl -n ${namespace} get service; correct the provider's service, or install the collector`,
      );
    }
    const what = named('Service', service);
    const found = service.spec.ports.find((candidate) => candidate.port === port);
    if (found === undefined) {
      const there = service.spec.ports.map((candidate) => candidate.port).join(', ');
      return issue(
        `port ${port} of ${what}`,
        `only ${there}`,
        "correct the provider's port, or add the port to the Service",
      );
    }
    if (protocol !== 'grpc' || speaksGrpc(found.name, found.appProtocol)) return [];
    return issue(
      `port ${port} of ${what} named grpc-… or with appProtocol grpc: without it Envoy speaks HTTP/1.1 to an OTLP gRPC receiver`,
      found.name === '' ? 'a port without a name' : `named ${found.name}`,
      `kubectl -n ${service.metadata.namespace} patch service ${service.metadata.name} --type=json -p '[{"op":"add","path":"/spec/ports/${service.spec.ports.indexOf(found)}/appProtocol","value":"grpc"}]'`,
    );
  });
}

function speaksGrpc(name: string, appProtocol: string | undefined): boolean {
  if (appProtocol !== undefined) return /^(grpc|http2|kubernetes\.io\/h2c)/.test(appProtocol);
  return /^(grpc|http2)(-|$)/.test(name);
}
