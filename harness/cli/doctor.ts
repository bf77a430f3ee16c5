import type { Command } from 'commander';
import { renderDoctor } from '../../reports/doctor.ts';
import { bookinfo } from '../../specs/bookinfo.ts';
import { createRedactor } from '../capture/redact.ts';
import { RUN_OPTIONS } from '../config/options.ts';
import { resolveSettings } from '../config/resolve.ts';
import { secretsOf } from '../config/server.ts';
import { examine } from '../doctor.ts';
import { createHttpClient } from '../http/undici-client.ts';
import type { Diagnosis } from '../model/doctor.ts';
import { toDiagnosis } from '../preconditions.ts';
import { systemClock } from '../system-clock.ts';
import { endingOf } from './ending.ts';
import { type Io, wantsColor } from './io.ts';
import { addConfigOption, addOptions, readInput } from './options.ts';
import { columnsOf } from './output.ts';
import { progressOn } from './progress-on.ts';

export function addDoctorCommand(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = program
    .command('doctor')
    .description('check that a run could decide: the preflight alone, a line a precondition');
  addOptions(command, RUN_OPTIONS);
  addConfigOption(command);
  command.option('--json', 'as JSON, for scripts').option('--no-color', 'no colours (also NO_COLOR)');
  command.action(async (flags: { json?: true; color: boolean }) => {
    const settings = resolveSettings(await readInput(flags, io));
    const http = { ingress: createHttpClient(settings.ingress), jaeger: createHttpClient(settings.jaeger) };
    const progress = progressOn(io);
    using ending = endingOf(io, 'ending', settings.totalTimeoutMs);
    try {
      const examination = await examine({
        settings,
        application: bookinfo,
        plan: [],
        clock: systemClock,
        http,
        onProgress: (event) => progress.event(event),
        signal: ending.signal,
      });
      progress.end();
      const redact = createRedactor(secretsOf(settings));
      const diagnosis = redacted(toDiagnosis(examination, settings, bookinfo.definition), redact);
      const color = wantsColor(io.stdout, io.env, flags.color);
      io.stdout.write(
        flags.json
          ? `${JSON.stringify(diagnosis, null, 2)}\n`
          : renderDoctor(diagnosis, { color, columns: columnsOf(io.stdout) }),
      );
      done(diagnosis.exitCode);
    } catch (error) {
      if (!ending.signal.aborted) throw error;
      progress.end();
      done(ending.exitCode ?? 2);
    } finally {
      await Promise.all([http.ingress.close(), http.jaeger.close()]);
    }
  });
}

/** What servers say may hold what they were sent. */
function redacted(diagnosis: Diagnosis, redact: (text: string) => string): Diagnosis {
  return {
    ...diagnosis,
    preconditions: diagnosis.preconditions.map(({ observed, fix, ...rest }) => ({
      ...rest,
      observed: redact(observed),
      ...(fix !== undefined && { fix: redact(fix) }),
    })),
  };
}
