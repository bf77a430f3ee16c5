import type { Application } from '../model/application.ts';

/** A file that `hopcheck init` writes. */
export interface InitFile {
  readonly kind: 'configuration' | 'vitest' | 'spec' | 'ci';
  /** In the folder of the call. */
  readonly path: string;
  readonly text: string;
  /** What it is for, beside its name. */
  readonly about: string;
}

/** Vitest looks for no file of this name by itself, so that the repository's other tests need no mesh. */
export const SPECS = 'vitest.mesh.config.mts';

/** @param application path of a definition; absent: the built-in application needs none. */
export function configFile(application: string | undefined): InitFile {
  const named = application === undefined ? '# application: shop.yaml' : `application: ${JSON.stringify(application)}`;
  return {
    kind: 'configuration',
    path: 'hopcheck.config.yaml',
    about: 'where the mesh is and what is checked; hopcheck run and the specs read it',
    text: `# What hopcheck checks. Every option is a key here; HOPCHECK_… variables and flags go first.
# A token or password belongs into a variable, e.g. HOPCHECK_TRACES_TOKEN.

# Where the ingress gateway and the trace backend are; or kube: true, to find both in a cluster.
ingress: http://127.0.0.1:8080
traces: http://127.0.0.1:16686

# The application: its requests, answers, calls and versions. Without it: the built-in one.
${named}

# How many requests are sent.
probes: 60

# A known finding that is not to fail the run, with its reason.
# tolerate: ['HC302:front->orders=fixed in the next release until 2027-01-31']
`,
  };
}

export function vitestFile(): InitFile {
  return {
    kind: 'vitest',
    path: SPECS,
    about: 'runs the specs in mesh/ after one run of hopcheck; other Vitest configurations stay as they are',
    text: `import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Named *.mesh.ts, so that other test runs of this repository do not take them.
    include: ['mesh/*.mesh.ts'],
    // One run against the mesh, before the first spec.
    globalSetup: ['hopcheck/vitest/setup'],
  },
});
`,
  };
}

/** A spec of the first request: what it calls first is in the definition. */
export function specFile({ entry, gateway, calls }: Application, requestNames: readonly string[]): InitFile {
  const [request = 'page'] = requestNames;
  const call = calls.find(
    ({ caller, optional, whenCallerVersion, peer }) =>
      caller === entry && optional !== true && whenCallerVersion === undefined && peer === undefined,
  );
  const [from, to] = call === undefined ? [gateway, entry] : [call.caller, call.callee];
  return {
    kind: 'spec',
    path: `mesh/${request.replaceAll(/[^\w-]/g, '-')}.mesh.ts`,
    about: `three tests to begin with: a promise of the whole run, and the traces of the request ${request}`,
    text: `import { expect, test } from 'hopcheck/vitest';

// A promise of the whole run. It is skipped where the run does not judge it, and fails where it could not be decided.
test('every hop passes the trace context on', ({ judged }) => {
  expect(judged('propagation')).toHold('propagation');
});

// The traces of one request, by its name in the definition of the application.
test(${quoted(`a request of ${request} is one trace`)}, ({ traces }) => {
  expect(traces.of(${quoted(request)})).toBeOneTree();
});

test(${quoted(`${from} calls ${to} in it`)}, ({ traces }) => {
  expect(traces.of(${quoted(request)})).toCall(${quoted(from)}, ${quoted(to)});
});
`,
  };
}

export function ciFile(ci: 'github' | 'gitlab'): InitFile {
  const run = `npx vitest run --config ${SPECS}`;
  if (ci === 'gitlab')
    return {
      kind: 'ci',
      path: 'mesh/gitlab-ci.yml',
      about: 'a job for GitLab; add include: { local: mesh/gitlab-ci.yml } to .gitlab-ci.yml',
      text: `# The specs of mesh/ against the mesh that the variables name.
mesh:
  image: node:24
  variables:
    HOPCHECK_WAIT: 5m # after a deploy, until the mesh is up
    HOPCHECK_REPORT: junit=mesh.xml,html=mesh.html
    HOPCHECK_CAPTURE: mesh.capture # hopcheck judge reads it again
  script:
    - npm ci
    - ${run}
  artifacts:
    when: always
    paths: [mesh.html, mesh.capture]
    reports:
      junit: mesh.xml
`,
    };
  return {
    kind: 'ci',
    path: '.github/workflows/mesh.yml',
    about: 'a job for GitHub Actions; set the variables HOPCHECK_INGRESS and HOPCHECK_TRACES of the repository',
    text: `# The specs of mesh/ against the mesh that the repository's variables name.
name: mesh
on:
  workflow_dispatch:
  schedule:
    - cron: '15 5 * * 1-5'
permissions:
  contents: read
jobs:
  mesh:
    runs-on: ubuntu-latest
    env:
      HOPCHECK_INGRESS: \${{ vars.HOPCHECK_INGRESS }}
      HOPCHECK_TRACES: \${{ vars.HOPCHECK_TRACES }}
      HOPCHECK_WAIT: 5m # after a deploy, until the mesh is up
      HOPCHECK_REPORT: github,html=mesh.html
      HOPCHECK_CAPTURE: mesh.capture # hopcheck judge reads it again
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci
      - run: ${run}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: mesh
          path: |
            mesh.html
            mesh.capture
`,
  };
}

/** As a text of TypeScript, in the quotes of the rest. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
