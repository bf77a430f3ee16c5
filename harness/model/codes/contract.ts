import type { CodeDefinition } from './definition.ts';

/** What only `hopcheck contract` can find: no mesh shows it (docs/contract.md). */
export const CONTRACT_CODES = {
  HC521: {
    promise: 'propagation',
    title: 'a tracing header is lost',
    counts: 'call',
    meaning:
      'The service received the header and made its call without it. The headers with the ids of the trace are passed on.',
    looks: 'No trace shows it: only hopcheck contract sees what a service sends on.',
    usualCauses: [
      'the header is missing from the list of headers that the application copies',
      'only one of several headers of the same name is copied',
      'a retry or a second client is made without the headers',
    ],
    fix: 'Add the header to those that are copied. docs/forwarding.md has snippets for Node, Python, Java, Go and Ruby.',
  },
  HC522: {
    promise: 'propagation',
    title: 'a tracing header is changed',
    counts: 'call',
    meaning:
      'The call carries the header with another value, in a way that the standard of the header does not allow. A changed sampling decision splits the trace.',
    looks: 'No trace shows it, but for a changed decision: then spans begin or end at this call.',
    usualCauses: [
      'ids are parsed and written again, in another case or length',
      'only the first or last of several headers is copied',
      'a tracing library makes a new decision',
    ],
    fix: 'Copy the value as it came, as text. docs/forwarding.md has snippets for Node, Python, Java, Go and Ruby.',
  },
  HC523: {
    promise: 'propagation',
    title: 'a tracing header is invented',
    counts: 'call',
    meaning: 'The call carries a tracing header that its request did not have.',
    looks: 'Calls are traced, or not traced, against the decision of the mesh.',
    usualCauses: [
      'a default such as sampled 0 is written where the request leaves the decision open',
      'headers are kept from an earlier request',
    ],
    fix: 'Copy only the headers that the request has. docs/forwarding.md has snippets for Node, Python, Java, Go and Ruby.',
  },
  HC741: {
    promise: 'environment',
    title: 'the service could not be tested',
    meaning: 'It was not there, could not be started, ended, or never listened.',
    looks: 'hopcheck contract sent no request.',
    usualCauses: [
      'the service does not run, or listens on another port',
      'the command of --start fails, or needs a shell (--shell)',
      'an earlier instance of the service still has the port',
    ],
    fix: 'Start the service by hand with the same command and environment, and call the URL of --service with curl.',
  },
  HC742: {
    promise: 'environment',
    title: 'the service sends nothing on',
    meaning:
      'It answered, and no upstream was called. Either this path calls none, as in a service at the end of the chain, or its calls go elsewhere. A service that calls no upstream has no header to forward.',
    looks: 'hopcheck contract received no call.',
    usualCauses: [
      'the path of --service is one that the service answers by itself',
      'the service calls its upstreams under other addresses than those of --upstream',
      'the service answers from a cache',
    ],
    fix: 'Choose a path that calls upstreams, and point the service at the addresses of the stubs, e.g. --env STOCK_URL={stock.url}. Where the service has no upstream, it needs no contract.',
  },
  HC743: {
    promise: 'environment',
    title: 'an upstream was never called',
    meaning: 'The service called other upstreams and not this one, so nothing is known of its calls to it.',
    looks: 'hopcheck contract received no call for it.',
    usualCauses: [
      'the service calls it under another address',
      'this path of the service does not need it',
      'the answer of another upstream leads the service past it',
    ],
    fix: 'Point the service at the address of the stub, choose another path, or leave the upstream out.',
  },
  HC744: {
    promise: 'environment',
    title: 'the service answers with an error by itself',
    meaning: 'Its upstreams answered well, or were not called, and the service answered with a status of 500 or more.',
    looks: 'The answers of the service to hopcheck contract.',
    usualCauses: [
      'the service expects other answers of its upstreams than the stubs give',
      'it cannot reach something else that it needs, such as a database',
    ],
    fix: 'Look at the output of the service, and give the stubs the answers that it expects (--answers).',
  },
  HC745: {
    promise: 'environment',
    title: 'the service calls a host that is not a named upstream',
    counts: 'call',
    meaning: 'A call reached a stub under the name of a host that was not given as an upstream.',
    looks: 'The calls that hopcheck contract received.',
    usualCauses: ['an upstream was left out of --upstream', 'the service uses a stub as its proxy for everything'],
    fix: 'Name the host as an upstream: --upstream <name>.',
  },
  HC746: {
    promise: 'environment',
    title: 'the service speaks TLS to an upstream',
    meaning: 'The stubs speak HTTP/1.1, HTTP/2 and gRPC without TLS, so a call with TLS cannot be read.',
    looks: 'The first bytes of the connection are those of TLS.',
    usualCauses: ['the URL of the upstream begins with https', 'the client is configured for TLS only'],
    fix: 'Configure the service to call this upstream with http. In a mesh the sidecar adds TLS, so applications call without it.',
  },
} as const satisfies Record<string, CodeDefinition>;
