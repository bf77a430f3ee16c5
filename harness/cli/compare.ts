import { resolve } from 'node:path';
import { Option } from 'commander';
import { renderComparison } from '../../reports/compare.ts';
import { renderComparisonPage } from '../../reports/html/compare.ts';
import { writeFileAtomic } from '../capture/atomic-write.ts';
import { compareReports } from '../compare/compare-reports.ts';
import { whyNotComparable } from '../compare/same-application.ts';
import { ConfigError } from '../config/config-error.ts';
import type { CommandRow } from './context.ts';
import { checkDeliveries, type Delivery, parseDeliveries } from './deliver.ts';
import { checkPlaces } from './file-places.ts';
import { wantsColor } from './io.ts';
import { collect } from './options.ts';
import { columnsOf } from './output.ts';
import { readReport } from './read-report.ts';

interface CompareFlags {
  readonly report: readonly string[];
  readonly color: boolean;
}

export const compareCommand: CommandRow = {
  name: 'compare',
  about: 'say what changed between two JSON reports of one application',
  examples: [
    'hopcheck compare before.json after.json',
    'hopcheck compare before.json after.json --report html=out.html',
  ],
  define(command, { io }, done) {
    command.argument('<before>', 'the earlier report, written by --report json');
    command.argument('<after>', 'the later one');
    command.addOption(
      new Option('--report <format[=path]>', 'terminal or html; to a file, or to standard output (repeatable)')
        .argParser(collect)
        .default([], 'terminal'),
    );
    command.option('--no-color', 'no colours (also NO_COLOR)');
    command.addHelpText(
      'after',
      '\nexit codes, as diff has them:\n  0   the same: nothing differs but times, and counts that chance explains\n  1   something differs, for better or worse\n  64  a file that is not a report, or reports of two applications',
    );
    command.action((given: string, later: string, flags: CompareFlags) => {
      const [before, after] = [readReport(given, io.cwd), readReport(later, io.cwd)];
      const why = whyNotComparable(before, after);
      if (why !== undefined) {
        const example = 'hopcheck compare before.json after.json';
        throw new ConfigError([{ option: 'reports', value: `${given} ${later}`, expected: why, example }]);
      }
      const deliveries = placesOf(flags.report, [given, later], io.cwd);
      const comparison = compareReports(before, after);
      const plain = () => renderComparison(comparison, { color: false });
      for (const { format, path } of deliveries) {
        const text = format === 'html' ? renderComparisonPage(comparison) : plain();
        if (path !== undefined) writeFileAtomic(path, text);
        else if (format === 'html') io.stdout.data(text);
      }
      const taken = deliveries.some(({ format, path }) => path === undefined && format === 'html');
      const out = taken ? io.stderr : io.stdout;
      out.write(renderComparison(comparison, { color: wantsColor(out, io.env, flags.color), columns: columnsOf(out) }));
      done(comparison.isSame ? 0 : 1);
    });
  },
};

/** @throws ConfigError for another format, and for a file that is read. */
function placesOf(texts: readonly string[], read: readonly string[], cwd: string): readonly Delivery[] {
  const deliveries = parseDeliveries(texts, cwd);
  const option = '--report';
  for (const [index, { format }] of deliveries.entries())
    if (format !== 'html' && format !== 'terminal')
      throw new ConfigError([
        {
          option,
          value: texts[index] ?? format,
          source: 'flag --report',
          expected: 'terminal or html, with or without =path',
          example: '--report html=out.html',
        },
      ]);
  const written = deliveries.flatMap(({ format, path }) =>
    path === undefined ? [] : [{ option, value: path, path, what: option, example: '--report html=out.html', format }],
  );
  checkPlaces(
    written,
    read.map((name) => ({ path: resolve(cwd, name), what: 'a report' })),
  );
  checkDeliveries(deliveries);
  return deliveries;
}
