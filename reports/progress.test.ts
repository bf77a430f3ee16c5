import { expect, it } from 'vitest';
import { createProgress } from './progress.ts';

function record(tty: boolean, columns?: number) {
  let now = 0;
  const written: string[] = [];
  const progress = createProgress({
    tty,
    ...(columns !== undefined && { columns }),
    write: (text) => written.push(text),
    now: () => now,
  });
  return { progress, written, pass: (ms: number) => (now += ms) };
}

it('progress in a log has one line per phase, and then one every five seconds', () => {
  const { progress, written, pass } = record(false);
  for (let answered = 1; answered <= 3; answered += 1) {
    progress.event({ phase: 'probe', sent: answered, answered, of: 9 });
    pass(1000);
  }
  for (let at = 0; at < 12; at += 1) {
    progress.event({ phase: 'settle', settled: at, of: 9, waitingFor: 'proxies' });
    pass(1000);
  }
  progress.end();
  expect(written).toEqual([
    'probes 1/9 answered\n',
    'probes 3/9 · traces 0/9 settled · waiting for proxies\n',
    'probes 3/9 · traces 5/9 settled · waiting for proxies\n',
    'probes 3/9 · traces 10/9 settled · waiting for proxies\n',
  ]);
});

it('progress in a log fits its width, and counts answers only while some are missing', () => {
  const { progress, written } = record(false);
  progress.event({ phase: 'probe', sent: 86, answered: 86, of: 86 });
  const waitingFor = 'proxies, which hold spans for up to 5 s, and for a trace that is longer than a line has room';
  progress.event({ phase: 'settle', settled: 0, of: 86, waitingFor });
  expect(written).toEqual([
    'probes 86/86 answered\n',
    'traces 0/86 settled · waiting for proxies, which hold spans for up to 5 s, and\n  for a trace that is longer than a line has room\n',
  ]);
});

it.each([true, false])(
  'progress ends with the conditions that --wait has not met, and leaves that line (terminal: %s)',
  (tty) => {
    const { progress, written } = record(tty, 60);
    progress.event({ phase: 'wait', waitingFor: 'ratings to be known', leftMs: 2000 });
    progress.event({ phase: 'wait', waitingFor: 'ratings to be known', leftMs: 0 });
    progress.end();
    const end = '--wait is over, still waiting for ratings to be known\n';
    expect(written.at(-1)).toBe(tty ? `\r\u001b[2K${end}` : end);
  },
);

it('progress on a terminal redraws one line, cut to its width, and clears it in the end', () => {
  const { progress, written, pass } = record(true, 24);
  progress.event({ phase: 'settle', settled: 1, of: 9, waitingFor: 'proxies' });
  pass(10);
  progress.event({ phase: 'settle', settled: 2, of: 9, waitingFor: 'nothing new so soon' });
  progress.end();
  expect(written).toEqual(['\r\u001b[2Ktraces 1/9 settled · wa', '\r\u001b[2K']);
});

it.each([true, false])(
  'progress shows at once the reason of a wait in preflight, which may be long (terminal: %s)',
  (tty) => {
    const { progress, written, pass } = record(tty);
    for (const waitingFor of ['the ingress to answer', 'the ingress to answer', 'a first span']) {
      progress.event({ phase: 'preflight', waitingFor });
      pass(10);
    }
    expect(written.map((text) => /waiting for .*/.exec(text)?.[0])).toEqual([
      'waiting for the ingress to answer',
      'waiting for a first span',
    ]);
  },
);

it('progress of reading has an estimate where the size is known', () => {
  const { progress, written, pass } = record(false);
  progress.event({ phase: 'read', bytes: 100 * 2 ** 20, of: 1024 * 2 ** 20, leftMs: 8500 });
  pass(5000);
  progress.event({ phase: 'read', bytes: 200 * 2 ** 20 });
  expect(written).toEqual(['100 of 1024 MiB read · about 9 s more\n', '200 MiB read\n']);
});
