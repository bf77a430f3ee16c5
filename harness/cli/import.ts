import { basename, parse, resolve } from 'node:path';
import { renderReport } from '../../reports/text/render-report.ts';
import { partsOf } from '../capture/part.ts';
import type { CaptureRecorder } from '../capture/recorder.ts';
import { createRedactor } from '../capture/redact.ts';
import { checkAgainst } from '../config/check-against.ts';
import { ConfigError } from '../config/config-error.ts';
import { expectationsOf } from '../config/expectations.ts';
import { FETCH_OPTIONS } from '../config/fetch-settings.ts';
import { type ImportSettings, resolveImport } from '../config/import-settings.ts';
import { IMPORT_OPTIONS } from '../config/options.ts';
import { resolvePolicy } from '../config/policy.ts';
import { openRecorder } from '../drive/open-recorder.ts';
import { DumpForms } from '../import/dump-forms.ts';
import { importCapture } from '../import/import-capture.ts';
import { type ListedRequest, readRequests } from '../import/requests.ts';
import { hiddenValues } from '../import/shown-headers.ts';
import { judge } from '../judge/judge.ts';
import { applyPolicy } from '../judge/policy.ts';
import type { ReadableApplication } from '../model/application.ts';
import type { Capture } from '../model/capture.ts';
import { HOPCHECK_VERSION } from '../system/version.ts';
import { checkBaselineOf } from './baseline-of-run.ts';
import type { CommandRow } from './context.ts';
import { checkDeliveries, deliver, hasPictures } from './deliver.ts';
import { type Dump, type DumpOrigin, readText } from './dump-files.ts';
import { exitCodeOf } from './ending.ts';
import { fetchDump, fetchedName, fetchFlags, readFetch } from './import-fetch.ts';
import { importLines } from './import-lines.ts';
import { unmetSelectionLines } from './mistyped-tolerations.ts';
import { checkNewBaseline, writeNewBaseline } from './new-baseline.ts';
import { addConfigOption, addOptions, readInput } from './options.ts';
import { addOutputOptions, columnsOf, type OutputFlags, say } from './output.ts';
import { withApplication } from './own-application.ts';
import { readTold } from './read-told.ts';
import { asSaid, readOutput } from './run-output.ts';

interface ImportFlags extends OutputFlags {
  readonly requests?: string;
  readonly complete?: true;
  /** False: no capture is kept. */
  readonly out?: string | false;
  readonly judge?: true;
  readonly from?: string;
  readonly since: string;
  readonly until?: string;
  readonly limit: string;
}

export const importCommand: CommandRow = {
  name: 'import',
  about: 'make a capture from traces that a trace backend has, or that were saved from one, so that they can be judged',
  examples: [
    'hopcheck import traces.json',
    'hopcheck import --from http://127.0.0.1:16686 --since 2h',
    'hopcheck import traces.json.gz --judge',
    'hopcheck import saved/ --requests sent.json --complete --report html=out.html',
  ],
  define(command, world, done) {
    const { io } = world;
    command.argument(
      '[path...]',
      'files of JSON of Jaeger, Zipkin, Tempo or OTLP, folders of them, or - for standard input',
    );
    command.optionsGroup('What is imported:');
    command.option('--from <url>', 'fetch from this trace backend in place of files, and judge at once');
    command.option(
      '--since <time>',
      'with --from: traces since then, as a duration back from now or in ISO 8601',
      '1h',
    );
    command.option(
      '--until <time>',
      'with --from: traces before then; default the present, less the time that spans take',
    );
    command.option('--limit <number>', 'with --from: most traces per service', '1000');
    command.option('--requests <path>', 'file with the requests that were sent and their answers (docs/import.md)');
    command.option('--complete', 'the dump holds every trace of these requests: what is not in it did not happen');
    command.option(
      '--out <path>',
      'file for the capture (default: name of the dump or of the host, .imported.capture)',
    );
    command.option('--no-out', 'judge at once and keep no capture: faster, but only the report is left');
    command.option('--judge', 'judge it at once, as hopcheck judge does; --report does that too');
    command.optionsGroup('What it is held to:');
    addOptions(command, IMPORT_OPTIONS);
    command.optionsGroup('With --from, how the trace backend is asked:');
    addOptions(command, FETCH_OPTIONS);
    addConfigOption(command);
    addOutputOptions(command);
    command.action(async (paths: readonly string[], flags: ImportFlags) => {
      if (paths.length === 0 && flags.from === undefined)
        command.error("error: missing required argument 'path', or the option --from");
      const context = await withApplication(flags, world);
      const { application } = context;
      const input = await readInput(flags, context);
      const policy = resolvePolicy(input);
      const settings = resolveImport(input);
      checkAgainst(settings, application.definition);
      const fetching = fetchFlags(paths, flags);
      const fetched = fetching && readFetch(input, fetching, world.clock.now());
      const named = fetching && fetchedName(fetching.from);
      const keepsNone = flags.out === false;
      const asked = flags.out === false ? undefined : flags.out;
      const out = asked ?? named ?? `${nameOf(paths[0] ?? '', io.cwd)}.imported.capture`;
      const place = keepsNone ? undefined : resolve(io.cwd, out);
      const list = flags.requests === undefined ? undefined : resolve(io.cwd, flags.requests);
      const given = [...paths.map((path) => resolve(io.cwd, path)), ...(list === undefined ? [] : [list])];
      if (place !== undefined && given.includes(place)) throw notAPlaceOfItsOwn(out);
      const read = Object.fromEntries(given.map((path) => [path, 'what is imported']));
      const output = readOutput(flags, input, io.cwd, {
        own: read,
        ...(!keepsNone && { keeps: { option: '--out', value: out } }),
      });
      const { deliveries } = output;
      asSaid(output.said, () => {
        checkDeliveries(deliveries);
        checkNewBaseline(output.newBaseline);
      });
      const requests =
        list === undefined ? undefined : readRequests(readText(flags.requests ?? '', list), flags.requests ?? '');
      const { dump, ended } =
        fetched === undefined
          ? await readTold(paths, context, {
              ...(list !== undefined && { except: list }),
              whatEnds: 'the part that was read is imported',
              quiet: output.flags.quiet === true,
            })
          : { dump: await fetchDump(fetched, settings.services?.value, context), ended: undefined };
      const forms = new DumpForms(dump.traces);
      const isJudged =
        keepsNone ||
        fetched !== undefined ||
        flags.judge === true ||
        deliveries.length > 0 ||
        output.newBaseline !== undefined;
      // No name holds what is made of the dump: of a large one that is a second list of all requests.
      const { capture, recorder } = record(
        toCapture(application, dump, forms, requests, settings, flags.complete === true),
        requests,
        place,
        dump.origin?.secrets,
      );
      // A thread may be writing the capture meanwhile.
      const judged = isJudged ? judge(capture, { detail: hasPictures(deliveries), forms }) : undefined;
      const problem = await closed(recorder);
      if (problem !== undefined) io.stderr.write(`the capture is not whole: ${problem.message}\n`);
      // Standard output is the report's, where there is one.
      const told = isJudged ? io.stderr : io.stdout;
      const kept = keepsNone ? 'no capture is kept' : out;
      if (!output.flags.quiet) told.write(importLines(capture, dump, kept, isJudged, columnsOf(told)));
      if (judged === undefined) {
        done(ended ?? (problem !== undefined || capture.exchanges.length === 0 ? 2 : 0));
        return;
      }
      checkBaselineOf(judged, policy);
      const report = renderReport(applyPolicy(judged, policy));
      for (const line of unmetSelectionLines(report)) say(io.stderr, line);
      const delivered = deliver(report, deliveries, io, output.flags);
      const complete = writeNewBaseline(report, output.newBaseline, io) && delivered && problem === undefined;
      done(exitCodeOf(report, io, complete, ended));
    });
  },
};

/** `traces` of `saved/traces.json.gz`. */
function nameOf(path: string, cwd: string): string {
  if (path === '-') return 'stdin';
  const { name } = parse(basename(resolve(cwd, path)).replace(/\.(gz|zst)$/i, ''));
  return name || 'dump';
}

function notAPlaceOfItsOwn(value: string): ConfigError {
  const expected = 'a separate file, because this one is imported';
  return new ConfigError([{ option: '--out', value, source: 'flag --out', expected, example: '--out run.capture' }]);
}

function toCapture(
  application: ReadableApplication,
  { traces, files, isCut, origin }: Dump,
  forms: DumpForms,
  requests: readonly ListedRequest[] | undefined,
  settings: ImportSettings,
  complete: boolean,
): Capture {
  const { format, gatewayProfile, ingress, configuration } = settings;
  const traceBackend = settings.traceBackend ?? origin?.baseUrl;
  return importCapture({
    application,
    traces,
    files,
    forms,
    complete: complete && !isCut,
    ...(isCut && { isCut }),
    ...(origin !== undefined && { searched: origin.searched, api: origin.api }),
    ...(requests !== undefined && { requests }),
    expectations: expectationsOf(settings, application.definition),
    configuration,
    ...(format !== undefined && { format }),
    ...(gatewayProfile !== undefined && { gatewayProfile }),
    ...(ingress !== undefined && { ingress }),
    ...(traceBackend !== undefined && { traceBackend }),
    hopcheck: HOPCHECK_VERSION,
  });
}

/** Traces that are written on a thread, where the capture has so many: to start one takes as long as some thousand lines. */
const MANY_TRACES = 4000;

/** Through the file's own lines, so that it is judged as its capture is later; headers of the list may be credentials. */
function record(
  made: Capture,
  requests: readonly ListedRequest[] | undefined,
  path: string | undefined,
  secrets: DumpOrigin['secrets'] = [],
): { readonly capture: Capture; readonly recorder: CaptureRecorder } {
  const recorder = openRecorder(
    createRedactor([...secrets, ...(requests ?? []).flatMap(({ headers }) => hiddenValues(headers))]),
    path,
    '--out',
  );
  try {
    if (made.traces.length >= MANY_TRACES) recorder.writeInThread();
    for (const part of partsOf(made)) recorder.add(part);
  } catch (error) {
    recorder.close();
    throw error;
  }
  return { capture: recorder.capture(), recorder };
}

/** @returns why the file is not whole; undefined: it is */
async function closed(recorder: CaptureRecorder): Promise<Error | undefined> {
  try {
    await recorder.finish();
  } finally {
    recorder.close();
  }
  return recorder.problem;
}
