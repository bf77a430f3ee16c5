import { CONTRACT_SCHEMA, type ContractCapture } from '../model/contract.ts';
import { newUuid } from '../model/random-ids.ts';
import { awaitSpans } from './missing-spans.ts';
import { openOtlp } from './otlp.ts';
import { addressOf, filled, type Place } from './placeholders.ts';
import { ContractDrive, type ContractWorld, type Sent } from './requests.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import type { ContractSettings } from './settings.ts';
import { CallRecorder } from './stub/recorder.ts';
import { openStub, type Stub } from './stub/stub.ts';

/** Plays the callers and the upstreams of one service, and records what it sends on. Everything is closed at the end. */
export async function driveContract(settings: ContractSettings, world: ContractWorld): Promise<ContractCapture> {
  const { clock, signal } = world;
  const recorder = new CallRecorder(() => clock.now());
  const startedAt = new Date(clock.now()).toISOString();
  const stubs: Stub[] = [];
  const otlp = settings.otlp === undefined ? undefined : await openOtlp(settings.otlp);
  let service: ServiceProcess | undefined;
  try {
    for (const { name, host, port } of settings.upstreams)
      stubs.push(
        await openStub({
          ...{ name, host, port, recorder, clock },
          rules: settings.answers[name] ?? [],
          grpc: settings.grpcAnswers,
          holdMs: settings.holdMs,
        }),
      );
    const places = new Map<string, Place>([
      ...stubs.map((stub): [string, Place] => [stub.name, stub]),
      ...(otlp === undefined ? [] : [['otlp', otlp.place] as [string, Place]]),
    ]);
    const began = clock.now();
    world.progress?.(settings.start === undefined ? 'sending requests' : 'starting the service');
    service = await start(settings, places, world);
    const startMs = settings.start === undefined ? 0 : clock.now() - began;
    const sent =
      service?.stopped === undefined ? await new ContractDrive(settings, world, recorder).run() : NOTHING_SENT;
    const stopped = service?.stopped ?? (signal.aborted ? { why: 'interrupted' as const } : undefined);
    // Without the lines that it prints while it is ended.
    const output = service?.output();
    if (otlp !== undefined) await awaitSpans(otlp, recorder.calls, clock, signal);
    await service?.end();
    const spans = otlp?.spans();
    return {
      schema: CONTRACT_SCHEMA,
      run: { id: newUuid(world.random).slice(0, 8), startedAt, hopcheck: world.hopcheck },
      service: {
        name: settings.service.name,
        url: shownUrl(settings),
        protocol: settings.service.protocol,
        ...(settings.start !== undefined && { start: settings.start.line }),
      },
      upstreams: stubs.map((stub) => ({ name: stub.name, address: addressOf(stub) })),
      required: [...settings.required],
      watched: [...settings.watched],
      ...(settings.expect !== undefined && { expect: settings.expect }),
      exchanges: sent.exchanges,
      calls: [...recorder.calls],
      tls: [...recorder.tls],
      ...(spans !== undefined && { spans: [...spans] }),
      ...(stopped !== undefined && { stopped }),
      ...(output !== undefined && { output: [...output] }),
      timings: { startMs, ...sent.timings },
    };
  } finally {
    await service?.end();
    await otlp?.close();
    for (const stub of stubs) await stub.close();
  }
}

const NOTHING_SENT: Sent = { exchanges: [], timings: { formsMs: 0, isolationMs: 0, troubleMs: 0, holdMs: 0 } };

function shownUrl({ service: { url, protocol } }: ContractSettings): string {
  const scheme = { 'http/1.1': 'http', h2c: 'h2c', grpc: 'grpc' }[protocol];
  return `${scheme}://${url.host}${url.pathname}${url.search}`;
}

async function start(
  settings: ContractSettings,
  places: ReadonlyMap<string, Place>,
  { clock, signal, env }: ContractWorld,
): Promise<ServiceProcess | undefined> {
  const own = Object.entries(settings.env).map(([name, value]) => [name, filled(value, places, '--env')] as const);
  if (settings.start === undefined) return undefined;
  const { words, shell } = settings.start;
  return startService({
    words: words.map((word) => filled(word, places, '--start')),
    ...{ shell, clock, signal },
    env: { ...exporterEnv(places), ...env, ...Object.fromEntries(own) },
    cwd: settings.cwd,
    url: settings.service.url,
    timeoutMs: settings.startTimeoutMs,
  });
}

/** For a service with an SDK of OpenTelemetry: where to export to, and soon (opentelemetry.io, "Environment Variables"). */
function exporterEnv(places: ReadonlyMap<string, Place>): Readonly<Record<string, string>> {
  const place = places.get('otlp');
  if (place === undefined) return {};
  return {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${addressOf(place)}`,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
}
