import { InvalidArgumentError } from 'commander';
import type { CommandRow } from './context.ts';
import type { FleetFlags } from './fleet-flags.ts';
import { addConfigOption } from './options.ts';
import { addOutputOptions } from './output.ts';

const HELP = `
The plan is a file of YAML, JSON or TypeScript:
  version: 1
  options: { probes: 60, traces: http://jaeger:16686 }
  rates: { default: 20 }
  targets:
    - { name: shop, parts: 2, options: { ingress: http://shop.example } }
    - { name: "{context}/{namespace}", contexts: [eu, us], namespaces: [pay] }
Secrets are variables, such as HOPCHECK_TRACES_TOKEN. HOPCHECK_FLEET_TOKEN is
a bearer token for --to URL.`;

export const fleetCommand: CommandRow = {
  name: 'fleet',
  about: 'check many targets by one plan: with processes here, or as a Kubernetes Job',
  examples: [
    'hopcheck fleet --plan fleet.yaml',
    'hopcheck fleet --plan fleet.yaml --parallel 8 --out hopcheck-fleet',
    'hopcheck fleet --plan fleet.yaml --emit job.yaml --to pvc:captures',
    'hopcheck fleet --plan fleet.yaml --collect captures --report json=fleet.json',
  ],
  define(command, context, done) {
    command.option('--plan <path>', 'the plan: targets, their options and the rates that they share');
    command.option('--parallel <number>', 'parts under way at the same time', parallelOf, 4);
    command.option(
      '--to <place>',
      'where captures go: a folder, a URL that takes PUT, or log; with --emit also pvc:<claim>',
    );
    command.option(
      '--index [number]',
      'collect this part alone, from 0; without a number that of JOB_COMPLETION_INDEX',
    );
    command.option('--emit <path>', 'write the Kubernetes Job that collects all parts, and run nothing');
    command.option('--image <name>', 'with --emit: image of the pods of the Job (default hopcheck with this version)');
    command.option('--namespace <name>', 'with --emit: namespace of the Job (default hopcheck)');
    command.option(
      '--collect <place>',
      'judge what was collected: a folder of captures, or a file with the logs of the Job',
    );
    command.option('--out <folder>', 'write a page of all targets, and the report of each, into this folder');
    addOutputOptions(command);
    command.optionsGroup('Options:');
    addConfigOption(command);
    command.addHelpText('after', HELP);
    command.action(async (flags: FleetFlags) => {
      const { runFleet } = await import('./fleet-run.ts');
      done(await runFleet(flags, context));
    });
  },
};

function parallelOf(text: string): number {
  const parallel = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (parallel < 1) throw new InvalidArgumentError('Expected a whole number from 1 to 9999, e.g. --parallel 8.');
  return parallel;
}
