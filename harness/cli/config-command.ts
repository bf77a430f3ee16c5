import stringWidth from 'string-width';
import { fit, pad, wrap } from '../../reports/wrap.ts';
import { ConfigError } from '../config/config-error.ts';
import { OPTION_NAMES } from '../config/options.ts';
import { readProxies } from '../config/proxies.ts';
import { resolveOptions } from '../config/resolve.ts';
import type { CommandRow } from './context.ts';
import { addConfigOption, addOptions, readInput } from './options.ts';
import { columnsOf } from './output.ts';
import { withApplication } from './own-application.ts';
import { readOutput } from './run-output.ts';

/** Of the column of values, where they are no longer. */
const VALUE_WIDTH = 20;

export const configCommand: CommandRow = {
  name: 'config',
  about: 'print the configuration that a run would have, each value with its source; secrets never',
  examples: ['hopcheck config --print --config hopcheck.config.yaml'],
  define(command, world, done) {
    const { io } = world;
    command.option('--print', 'print it (the default)').option('--json', 'as JSON, for scripts');
    addConfigOption(command);
    addOptions(command, OPTION_NAMES);
    command.action(async (flags: { json?: true }) => {
      const input = await readInput(flags, await withApplication(flags, world));
      const { configuration, problems } = resolveOptions(input, OPTION_NAMES);
      readProxies(input.env, problems);
      // An option that is not set yet is fine here. One that is set wrong is a mistake.
      const wrong = problems.filter(({ value, source }) => value !== undefined || source !== undefined);
      if (wrong.length > 0) throw new ConfigError(wrong);
      // Refuses an unknown format, and two reports in one place.
      readOutput({ color: true }, input, io.cwd, { keeps: 'as configured' });
      if (flags.json) io.stdout.data(`${JSON.stringify(configuration, null, 2)}\n`);
      else {
        const width = Math.max(...configuration.map(({ name }) => name.length));
        const unset = OPTION_NAMES.filter((name) => !configuration.some((option) => option.name === name));
        const columns = columnsOf(io.stdout);
        for (const { name, value, source, from } of configuration) {
          const where = from === source ? source : `${source}: ${from}`;
          const start = `${pad(name, width)}  ${pad(fit(value, columns - width - 2), VALUE_WIDTH)}`;
          // A long value fills one line, and its source the next.
          const fits = stringWidth(`${start}  ${where}`) <= columns;
          io.stdout.write(fits ? `${start}  ${where}\n` : `${start.trimEnd()}\n${' '.repeat(width + 2)}${where}\n`);
        }
        io.stdout.write(`\n${wrap(unset.join(', '), columns, 'not set: ').join('\n')}\n`);
      }
      done(0);
    });
  },
};
