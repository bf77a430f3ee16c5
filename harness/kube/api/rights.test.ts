import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type Right, rightInWords, roleFor } from './rights.ts';

const list = (resource: string, namespace?: string, group = ''): Right => ({
  verb: 'list',
  group,
  resource,
  ...(namespace !== undefined && { namespace }),
});
const documents = (rights: readonly Right[]) => parseAllDocuments(roleFor(rights)).map((document) => document.toJS());

describe('a right', () => {
  it('is written in words', () => {
    expect(rightInWords(list('services'))).toBe('list services in all namespaces');
    expect(rightInWords(list('virtualservices', 'default', 'networking.istio.io'))).toBe(
      'list virtualservices.networking.istio.io in namespace default',
    );
    expect(
      rightInWords({
        verb: 'create',
        group: '',
        resource: 'pods',
        subresource: 'portforward',
        namespace: 'istio-system',
      }),
    ).toBe('create pods/portforward in namespace istio-system');
  });
});

describe('the smallest Roles', () => {
  it('are one per namespace, and a ClusterRole for all of them, with rules joined', () => {
    const forward = (verb: 'get' | 'create'): Right => ({
      verb,
      group: '',
      resource: 'pods',
      subresource: 'portforward',
      namespace: 'mesh',
    });
    expect(
      documents([list('services'), list('pods'), list('pods', 'mesh'), forward('get'), forward('create')]),
    ).toEqual([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'hopcheck' },
        rules: [{ apiGroups: [''], resources: ['pods', 'services'], verbs: ['list'] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'hopcheck', namespace: 'mesh' },
        rules: [
          { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
          { apiGroups: [''], resources: ['pods/portforward'], verbs: ['create', 'get'] },
        ],
      },
    ]);
  });

  it('name single objects, and never permit the same name of another resource', () => {
    const named = (resource: string, name: string): Right => ({
      verb: 'get',
      group: '',
      resource,
      namespace: 'n',
      name,
    });
    const [role] = documents([named('configmaps', 'istio'), named('secrets', 'login')]);
    expect(role.rules).toEqual([
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['istio'], verbs: ['get'] },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['login'], verbs: ['get'] },
    ]);
  });
});
