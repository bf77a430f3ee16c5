// Over 250 lines: one table, a snippet per stack, read as a whole; docs/forwarding.md and reports show it, and CI runs it.

/** Stacks that there is a snippet for: a language and the library that makes the call. */
export const STACKS = [
  'node-fetch',
  'node-undici',
  'node-grpc',
  'python-requests',
  'go-http',
  'go-grpc',
  'java-http',
] as const;
export type Stack = (typeof STACKS)[number];

/** The headers that every snippet copies, in its order. */
export const COPIED_HEADERS = [
  'x-request-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'b3',
  'traceparent',
  'tracestate',
  'x-ot-span-context',
] as const;

/** Code that forwards the trace headers. `npm run test:contract` puts it into a service that does not, and tests that. */
export interface Snippet {
  readonly language: string;
  /** Of a fenced block in Markdown. */
  readonly fence: string;
  readonly library: string;
  /** Once, beside the imports. */
  readonly define: string;
  /** A call that loses the headers, and the same call that keeps them. */
  readonly wrong: string;
  readonly right: string;
}

const quoted = (quote: string) => COPIED_HEADERS.map((name) => `${quote}${name}${quote}`);
const lines = (words: readonly string[], each: number, indent: string) =>
  Array.from({ length: Math.ceil(words.length / each) }, (_, row) =>
    words.slice(row * each, (row + 1) * each).join(', '),
  ).join(`,\n${indent}`);

const NODE_HEADERS = `const HEADERS = [\n  ${lines(quoted("'"), 3, '  ')},\n];`;
const NODE_HTTP = `${NODE_HEADERS}

const tracing = (request) =>
  Object.fromEntries(
    HEADERS.filter((name) => request.headers[name] !== undefined)
      .map((name) => [name, request.headers[name]]),
  );`;

export const SNIPPETS: Readonly<Record<Stack, Snippet>> = {
  'node-fetch': {
    language: 'Node',
    fence: 'js',
    library: 'fetch',
    define: NODE_HTTP,
    wrong: 'await fetch(url);',
    right: 'await fetch(url, { headers: tracing(request) });',
  },
  'node-undici': {
    language: 'Node',
    fence: 'js',
    library: 'undici',
    define: NODE_HTTP,
    wrong: 'await undici.request(url);',
    right: 'await undici.request(url, { headers: tracing(request) });',
  },
  'node-grpc': {
    language: 'Node',
    fence: 'js',
    library: '@grpc/grpc-js',
    define: `${NODE_HEADERS}

const tracing = (call) => {
  const metadata = new grpc.Metadata();
  for (const name of HEADERS)
    for (const value of call.metadata.get(name))
      metadata.add(name, value);
  return metadata;
};`,
    wrong: 'client.get(message, callback);',
    right: 'client.get(message, tracing(call), callback);',
  },
  'python-requests': {
    language: 'Python',
    fence: 'python',
    library: 'Flask, Django ≥ 2.2 or Starlette with requests',
    define: `HEADERS = (\n    ${lines(quoted('"'), 3, '    ')},\n)


def tracing(request):  # request.headers ignores case
    return {
        name: request.headers[name]
        for name in HEADERS
        if name in request.headers
    }`,
    wrong: 'requests.get(url)',
    right: 'requests.get(url, headers=tracing(request))',
  },
  'go-http': {
    language: 'Go',
    fence: 'go',
    library: 'net/http',
    define: `var headers = []string{\n\t${lines(quoted('"'), 3, '\t')},\n}

func copyTracing(in, out *http.Request) {
	for _, name := range headers {
		for _, value := range in.Header.Values(name) {
			out.Header.Add(name, value)
		}
	}
}`,
    wrong: 'response, err := client.Do(out)',
    right: 'copyTracing(in, out)\n\tresponse, err := client.Do(out)',
  },
  'go-grpc': {
    language: 'Go',
    fence: 'go',
    library: 'google.golang.org/grpc',
    define: `var headers = []string{\n\t${lines(quoted('"'), 3, '\t')},\n}

func tracing(ctx context.Context) context.Context {
	in, _ := metadata.FromIncomingContext(ctx)
	for _, name := range headers {
		for _, value := range in.Get(name) {
			ctx = metadata.AppendToOutgoingContext(ctx, name, value)
		}
	}
	return ctx
}`,
    wrong: 'err := connection.Invoke(ctx, method, message, answer)',
    right: 'err := connection.Invoke(tracing(ctx), method, message, answer)',
  },
  'java-http': {
    language: 'Java',
    fence: 'java',
    library: 'com.sun.net.httpserver with java.net.http',
    define: `static final List<String> HEADERS = List.of(\n    ${lines(quoted('"'), 3, '    ')});

static void copyTracing(HttpExchange in, HttpRequest.Builder out) {
  for (String name : HEADERS)
    for (String value : in.getRequestHeaders()
        .getOrDefault(name, List.of()))
      out.header(name, value);
}`,
    wrong: 'client.send(out.build(), HttpResponse.BodyHandlers.discarding());',
    right: 'copyTracing(in, out);\n      client.send(out.build(), HttpResponse.BodyHandlers.discarding());',
  },
};

/** The code of a snippet as a person pastes it: the definition, and the call with the headers. */
export function snippetText({ define, right }: Snippet): string {
  return `${define}\n\n${right}`;
}
