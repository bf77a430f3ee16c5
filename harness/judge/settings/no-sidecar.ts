import { refTo } from '../../model/finding.ts';
import { versionedServices } from '../../model/of-request.ts';
import type { Circumstance } from '../circumstance.ts';
import type { RunView } from '../run-view.ts';

/** Pods without a sidecar (HC808) make no spans: the cluster says so, and the traces show it (HC306). */
export function sidecarsMissing({ capture: { cluster }, application }: RunView): Circumstance | undefined {
  const issues = (cluster?.issues ?? []).flatMap(({ code, subject }) =>
    code === 'HC808' && subject.kind === 'service' ? [subject] : [],
  );
  if (issues.length === 0) return undefined;
  return {
    explains: ({ code, subject }) => {
      if (code !== 'HC306' || subject.kind !== 'service') return undefined;
      const versioned = versionedServices(application).some(({ service }) => service === subject.service);
      const all = application.services.find(({ name }) => name === subject.service)?.versions ?? [];
      const wanted = versioned ? (subject.versions ?? all) : [];
      const issue = issues.find(
        ({ service, versions }) =>
          service === subject.service &&
          (versions === undefined || wanted.every((version) => versions.includes(version))),
      );
      return issue && refTo('HC808', issue);
    },
  };
}
