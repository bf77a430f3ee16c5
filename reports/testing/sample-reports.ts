import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { judge } from '../../harness/judge/judge.ts';
import type { RunReport } from '../../harness/model/report.ts';

const stopped = {
  code: 'HC701' as const,
  during: 'preflight' as const,
  message: 'the trace backend is not reachable: 127.0.0.1:16686 refused the connection (ECONNREFUSED)',
  hint: 'open http://127.0.0.1:16686 in a browser',
  times: 1,
};

/** Reports of real recordings, and what goes wrong around them: the golden files are made of these. */
export const SAMPLES: Readonly<Record<string, () => RunReport>> = {
  pass: () => judge(toCapture(readRecording('healthy-v1-zipkin-gw2'))),
  'fail-dropped': () => judge(toCapture(readRecording('drop-all-reviews'))),
  'fail-silent': () => judge(toCapture(readRecording('no-report-productpage'))),
  inconclusive: () => {
    const capture = toCapture(readRecording('healthy-v1-zipkin-gw2'));
    return judge({
      ...capture,
      exchanges: [],
      traces: [],
      preflight: { ...capture.preflight, stopped },
      end: 'stopped-in-preflight',
    });
  },
  skipped: () => {
    const { versioned: _, ...application } = toCapture(readRecording('healthy-v1-zipkin-gw2')).application;
    const capture = toCapture(readRecording('healthy-v1-zipkin-gw2'));
    const { shares: _shares, ...expectations } = capture.expectations;
    return judge({ ...capture, application, expectations });
  },
  hostile: () => {
    const capture = toCapture(readRecording('healthy-v1-zipkin-gw2'));
    const text = '\u001b[2J]]></failure>"&<b>\u202e\r\nnext';
    const banners = [{ text, service: text }];
    const exchanges = capture.exchanges.map(({ answer, ...rest }) =>
      answer === undefined ? rest : { ...rest, answer: { ...answer, page: { ...answer.page, banners } } },
    );
    return judge({ ...capture, exchanges });
  },
};
