import { type Command, Option } from 'commander';
import { SERVICE_KINDS } from '../model/contract.ts';
import type { CommandRow } from './context.ts';
import { addConfigOption, addOptions, collect } from './options.ts';
import { addOutputOptions, type OutputFlags } from './output.ts';

const HELP = `
In --start, --env and the file {stock} is host:port of the upstream stock,
{stock.host}, {stock.port} and {stock.url} are its parts, {otlp.url} is
the endpoint of --otlp. The file has the same options as keys:
  service: http://127.0.0.1:9080/orders
  upstreams: {stock: "127.0.0.1:9081", prices: "127.0.0.1:9082"}
  start: python app.py
  env: {STOCK_URL: "{stock.url}"}

The service and its upstreams are called without TLS, as beside a sidecar.`;

/** Options of the command alone; their keys are those of the file. */
const OWN: readonly (readonly [heading: string, readonly Option[]])[] = [
  [
    'The service:',
    [
      new Option('--service <url>', 'where the service is, and the path to call: http, h2c or grpc'),
      new Option('--name <name>', 'its name in the report (default: the first part of the path)'),
      new Option('--start <command>', 'start the service with this command, and end it afterwards'),
      new Option('--shell', 'run the command of --start in a shell'),
      new Option('--env <name=value>', 'a variable for it (repeatable)').argParser(collect),
      new Option('--start-timeout <time>', 'wait up to this long until it listens (default 60s)'),
      new Option('--header <header>', 'a header for every request to it, kept secret (repeatable)').argParser(collect),
      new Option('--method <method>', 'method of the requests (default GET, with --data POST)'),
      new Option('--data <text>', 'body of the requests'),
      new Option('--timeout <time>', 'time for one request (default 10s)'),
    ],
  ],
  [
    'Its upstreams, which hopcheck plays:',
    [
      new Option('--upstream <name[=host:port]>', 'an upstream and where to listen for it (repeatable)').argParser(
        collect,
      ),
      new Option('--answers <path>', 'file with answers of upstreams: status, headers, body, delay, close'),
      new Option('--proto <path>', 'a .proto file or descriptor set, for answers to gRPC (repeatable)').argParser(
        collect,
      ),
      new Option('--hold <time>', 'how long an upstream stays silent in the time-out case, 0: skip it (default 10s)'),
    ],
  ],
  [
    'What the service is held to:',
    [
      new Option('--require <headers>', 'a header, or a group of them, whose loss is an error (repeatable)').argParser(
        collect,
      ),
      new Option('--watch <headers>', 'a header, or a group of them, to show (repeatable)').argParser(collect),
      new Option(
        '--provider <name>',
        'tracing provider of the mesh: with zipkin the x-b3 headers are required',
      ).choices(['opentelemetry', 'zipkin']),
      new Option('--expect <kind>', 'hold the service to this, instead of recognising it').choices(SERVICE_KINDS),
      new Option('--otlp [host:port]', 'take the spans that the service exports over HTTP, and check them too'),
      new Option('--isolation <number>', 'requests of the isolation test, 0: skip it (default 200)'),
      new Option('--in-flight <number>', 'requests under way at once in it (default 32)'),
    ],
  ],
];

const OWN_KEYS = OWN.flatMap(([, options]) => options.map((option) => option.attributeName()));

export const contractCommand: CommandRow = {
  name: 'contract',
  about: 'test whether one service forwards the trace headers: without a mesh, in seconds',
  examples: [
    'hopcheck contract --service http://127.0.0.1:9080/orders --upstream stock=9081',
    'hopcheck contract contract.yaml --report json=contract.json',
  ],
  define(command, context, done) {
    command.argument('[path]', 'a file with these options');
    addOwnOptions(command);
    addOutputOptions(command);
    addOptions(command, ['capture']);
    command.optionsGroup('Options:');
    addConfigOption(command);
    command.addHelpText('after', HELP);
    command.action(async (path: string | undefined, flags: OutputFlags) => {
      const isOwn = ([key]: readonly [string, unknown]) => OWN_KEYS.includes(key);
      const entries = Object.entries(flags).filter(([, value]) => value !== undefined);
      const own = Object.fromEntries(entries.filter(isOwn));
      // Its servers and clients are of no use to other commands.
      const { runContract } = await import('./contract-run.ts');
      done(await runContract(path, { own, output: flags }, context));
    });
  },
};

function addOwnOptions(command: Command): void {
  for (const [heading, options] of OWN) {
    command.optionsGroup(heading);
    for (const option of options) command.addOption(option);
  }
}
