import { checkConfirm } from '../config/check-confirm.ts';
import { ConfigError } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { KUBE_OPTIONS, RUN_GROUPS, RUN_OPTIONS } from '../config/options.ts';
import { resolvePolicy } from '../config/policy.ts';
import { resolveOptions, totalTimeoutOf } from '../config/resolve.ts';
import { checkSelection } from '../config/unmet-selections.ts';
import { resolveWatch } from '../config/watch-settings.ts';
import { LATE_REQUESTS, PREFLIGHT_REQUESTS } from '../model/limits.ts';
import type { CommandContext, CommandRow } from './context.ts';
import { addConfigOption, addGroups, readInput } from './options.ts';
import { withApplication } from './own-application.ts';
import { keepWatch, type Requests } from './watch-loop.ts';

/** The defaults of --total-timeout and --probes; what is wrong with either is reported beforehand. */
const USUAL_DEADLINE_MS = 15 * 60_000;
const USUAL_PROBES = 60;

export const watchCommand: CommandRow = {
  name: 'watch',
  about: 'run again and again within a budget, and answer where the mesh stands over HTTP',
  examples: [
    'hopcheck watch --kube',
    'hopcheck watch --kube --every 5m --budget 1rps --listen 0.0.0.0:8484',
    'hopcheck watch --kube --watch-token-file token --watch-folder /results',
  ],
  define(command, world, done) {
    addGroups(command, ['watch', ...RUN_GROUPS, 'kube', 'policy']);
    command.optionsGroup('Options:');
    addConfigOption(command);
    command.addHelpText(
      'after',
      '\nIt serves GET /verdict, /gate (also POST), /metrics, /healthz, and with a\ntoken POST /run and GET /report: docs/guides/watch.md',
    );
    command.action(async (flags: object) => {
      const context = await withApplication(flags, world);
      const input = await readInput(flags, context);
      const deadlineMs = totalTimeoutOf(input) ?? USUAL_DEADLINE_MS;
      const settings = resolveWatch(input, deadlineMs);
      checkBeforehand(input);
      done(await keepWatch({ flags, settings, deadlineMs, requests: requestsOf(input, context) }, world));
    });
  },
};

/** Requests of one run to the ingress, and so many more where spans come late. */
function requestsOf(input: ConfigInput, { plan }: CommandContext): Requests {
  const { probes, undecided, confirm } = resolveOptions(input, ['probes', 'undecided', 'confirm']).parsed;
  const planned = plan(probes?.value ?? USUAL_PROBES, undecided?.value).length + (confirm?.value ?? 0);
  return { usual: planned + PREFLIGHT_REQUESTS, late: LATE_REQUESTS };
}

/**
 * Refuses before the first run whatever every run would refuse. Where ingress and trace backend come from the
 * cluster, only a run finds them.
 * @throws ConfigError
 */
function checkBeforehand(input: ConfigInput): void {
  checkConfirm(input, resolvePolicy(input));
  checkSelection(input);
  const { parsed, problems } = resolveOptions(input, [...KUBE_OPTIONS, ...RUN_OPTIONS]);
  const found = parsed.kube?.value === true ? ['--ingress', '--traces'] : [];
  const wrong = problems.filter(({ option, value }) => value !== undefined || !found.includes(option));
  if (wrong.length > 0) throw new ConfigError(wrong);
}
