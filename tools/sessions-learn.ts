import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { HOPCHECK_VERSION } from '../harness/system/version.ts';

// npm run sessions:learn writes docs/guides/sessions-learn.md: applications that hopcheck does not know are learnt on a lab that
// plays them, and checked with the definition that was learnt. Everything is typed as a user would, in an empty folder. A
// session that ends with another exit code than expected, or shows something else, is not written. --only tickets records the
// session of that definition again and keeps the others; the gRPC one needs real Envoy (npm run setup:real).

interface Typed {
  readonly command: string;
  readonly exitCode: number;
  readonly shows: RegExp;
}

interface Session {
  readonly title: string;
  readonly text: string;
  /** The definition that the lab plays; hopcheck does not get it. */
  readonly plays: string;
  /** Default: the stand-in. */
  readonly engine?: 'standin' | 'envoy';
  readonly typed: readonly Typed[];
}

const ROOT = resolve(import.meta.dirname, '..');
const BIN = join(ROOT, 'harness/cli/start.ts');

const SESSIONS: readonly Session[] = [
  {
    title: 'A shop: JSON, a POST, a cache without a sidecar, two versioned services',
    text: 'Two calls of the shop have no span below them: redis has no sidecar, and the rates come from a host outside of the mesh. hopcheck does not guess. It refuses, and prints the options that declare them.',
    plays: 'fixtures/applications/shop.yaml',
    typed: [
      {
        command: `hopcheck learn --name shop --get /api/home --post '/api/orders {"sku": "42"}'`,
        exitCode: 2,
        shows: /--untraced redis --external www\.rates\.example/,
      },
      {
        command: `hopcheck learn --name shop --get /api/home --post '/api/orders {"sku": "42"}' --untraced redis --external www.rates.example`,
        exitCode: 0,
        shows: /learnt from \d+ requests/,
      },
      { command: 'cat shop.yaml', exitCode: 0, shows: /^calls:$/m },
      { command: 'hopcheck run --application shop.yaml', exitCode: 0, shows: /^PASS \(exit 0\)/m },
    ],
  },
  {
    title: 'A deep application: twelve services, two entries, a call through the gateway',
    text: 'Each entry is a request. Nothing has to be declared.',
    plays: 'fixtures/applications/deep.yaml',
    typed: [
      {
        command: 'hopcheck learn --name deep --get /browse --get /admin/report',
        exitCode: 0,
        shows: /learnt from \d+ requests/,
      },
      { command: 'cat deep.yaml', exitCode: 0, shows: /through: gateway/ },
      { command: 'hopcheck run --application deep.yaml', exitCode: 0, shows: /^PASS \(exit 0\)/m },
    ],
  },
  {
    title: 'Tickets: gRPC behind an entry that speaks HTTP, on real Envoy and Jaeger',
    text: 'Envoy makes the same two spans of a call of gRPC as of one of HTTP. Nothing has to be declared.',
    plays: 'fixtures/applications/tickets.yaml',
    engine: 'envoy',
    typed: [
      {
        command: `hopcheck learn --name tickets --get /api/shows --post '/api/bookings {"seat": 12}'`,
        exitCode: 0,
        shows: /learnt from \d+ requests/,
      },
      { command: 'cat tickets.yaml', exitCode: 0, shows: /^calls:$/m },
      { command: 'hopcheck run --application tickets.yaml', exitCode: 0, shows: /^PASS \(exit 0\)/m },
    ],
  },
];

/** Progress, which a terminal shows in one line and overwrites. */
const PROGRESS = /^(?:preflight ·|probes \d|traces \d|looking for) ?.*\n/gm;

const PAGE = join(ROOT, 'docs/guides/sessions-learn.md');
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chapters: string[] = [];
for (const session of SESSIONS) {
  const isMeant = values.only === undefined || session.plays.endsWith(`/${values.only}.yaml`);
  chapters.push(isMeant ? await record(session) : kept(session));
}
const page = [
  '<!-- recorded by npm run sessions:learn; record again instead of editing -->',
  '# Recorded sessions: an application that hopcheck does not know',
  `Recorded on ${new Date().toISOString().slice(0, 10)} with \`npm run sessions:learn\`: hopcheck ${HOPCHECK_VERSION} on Node ${process.version.slice(1)}, on labs that play each application: the embedded one, and real Envoy and Jaeger for gRPC. The folder holds one file, \`hopcheck.config.yaml\`, with the two URLs. \`hopcheck\` is short for \`npx hopcheck\`. How to read what is learnt: [Your own application in ten minutes](your-own-application.md).`,
  ...chapters,
];
writeFileSync(PAGE, `${page.join('\n\n')}\n`);

/** The chapter as it was recorded before. */
function kept({ title }: Session): string {
  const found = readFileSync(PAGE, 'utf8')
    .split(/\n\n(?=## )/)
    .find((chapter) => chapter.startsWith(`## ${title}\n`));
  if (found === undefined) throw new Error(`${title}: not recorded yet; leave --only out`);
  return found.trimEnd();
}

async function record({ title, text, plays, engine = 'standin', typed }: Session): Promise<string> {
  console.log(title);
  const folder = mkdtempSync(join(tmpdir(), 'hopcheck-session-'));
  const lab = spawn(process.execPath, [BIN, 'lab', '--engine', engine, '--application', join(ROOT, plays), '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { ingressUrl, tracesUrl } = await urlsOf(lab);
    writeFileSync(join(folder, 'hopcheck.config.yaml'), `ingress: ${ingressUrl}\ntraces: ${tracesUrl}\n`);
    const lines: string[] = [];
    for (const step of typed) lines.push(...(await type(step, folder)));
    return [`## ${title}`, text, `\`\`\`console\n${lines.join('\n')}\n\`\`\``].join('\n\n');
  } finally {
    lab.kill('SIGTERM');
    if (lab.exitCode === null && lab.signalCode === null) await once(lab, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function urlsOf(lab: ChildProcess): Promise<{ readonly ingressUrl: string; readonly tracesUrl: string }> {
  if (lab.stdout === null) throw new Error('the lab has no output');
  for await (const line of createInterface({ input: lab.stdout })) {
    const said: unknown = JSON.parse(line);
    if (typeof said !== 'object' || said === null) continue;
    const { ingress, traces } = said as Readonly<Record<string, unknown>>;
    if (typeof ingress === 'string' && typeof traces === 'string') return { ingressUrl: ingress, tracesUrl: traces };
  }
  throw new Error('the lab ended before it printed its URLs');
}

async function type({ command, exitCode, shows }: Typed, folder: string): Promise<readonly string[]> {
  const done = await run(command, folder);
  const about = `${command}\n${done.output}`;
  if (done.exitCode !== exitCode) throw new Error(`exit code ${done.exitCode} instead of ${exitCode}: ${about}`);
  if (!shows.test(done.output)) throw new Error(`${shows} is missing: ${about}`);
  const local = [ROOT, folder, homedir(), tmpdir(), hostname()].find((each) => done.output.includes(each));
  if (local !== undefined) throw new Error(`it prints ${local}, which is of this machine: ${about}`);
  return [
    `$ ${command}`,
    done.output.trimEnd(),
    ...(command.startsWith('hopcheck ') ? ['$ echo $?', String(exitCode)] : []),
  ];
}

function run(command: string, folder: string): Promise<{ readonly exitCode: number; readonly output: string }> {
  const [, file = ''] = /^cat (\S+)$/.exec(command) ?? [];
  if (file !== '') return Promise.resolve({ exitCode: 0, output: readFileSync(join(folder, file), 'utf8') });
  const argv = [...command.matchAll(/'([^']*)'|(\S+)/g)].slice(1).map(([, quoted, plain]) => quoted ?? plain ?? '');
  return new Promise((settle) => {
    const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' } };
    const child = execFile(process.execPath, [BIN, ...argv], options, (_error, stdout, stderr) =>
      settle({ exitCode: child.exitCode ?? -1, output: `${stdout}${stderr}`.replace(PROGRESS, '') }),
    );
  });
}
