import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { installIstio } from '../../fixtures/istio/install.ts';
import { type Mesh, startMesh } from '../../fixtures/istio/mesh.ts';
import { ISTIO_ROWS, type IstioRow } from '../../fixtures/istio/rows.ts';
import { aboutHealthy } from '../../fixtures/istio/variant-rows.ts';

/** The report of one row. */
export interface IstioResult {
  readonly row: IstioRow;
  readonly found: readonly string[];
  readonly isRight: boolean;
}

/**
 * Runs rows on a real Istio, one after the other on one mesh, which is installed anew only where a row needs another
 * installation. @param only rows whose title contains it; default all.
 */
export async function runIstioMatrix(
  only: string | undefined,
  say: (line: string) => void,
): Promise<readonly IstioResult[]> {
  const parts = await installIstio(say);
  const rows = ISTIO_ROWS.filter(({ title }) => only === undefined || title.includes(only));
  const installs = [...new Set(rows.map(({ install }) => JSON.stringify(install)))];
  const results: IstioResult[] = [];
  for (const install of installs) {
    const ours = rows.filter((row) => JSON.stringify(row.install) === install);
    let mesh: Mesh | undefined;
    for (const row of ours) {
      const found: readonly string[] = await (async () => {
        mesh ??= await startMesh({ parts, install: row.install });
        return (await row.run(mesh)).found;
      })().catch(async (error: unknown) => {
        // A row that ends half done must not spoil the next one.
        await mesh?.stop();
        mesh = undefined;
        return [`could not run: ${error instanceof Error ? error.message : String(error)}`];
      });
      const isRight = found.join('\n') === row.expected.join('\n');
      results.push({ row, found, isRight });
      const told = isRight
        ? 'as stated'
        : `NOT AS STATED: ${found.join('; ') || 'nothing'}; expected ${row.expected.join('; ') || 'nothing'}`;
      say(`${results.length}/${rows.length} ${row.title}: ${told}`);
    }
    await mesh?.stop();
  }
  return results;
}

/** `docs/detection-istio.md`. */
export function writeIstioPage(results: readonly IstioResult[], minutes: number): void {
  const wrong = results.filter(({ isRight }) => !isRight);
  const healthy = results.filter(({ row }) => row.cell === undefined && row.title.endsWith(', healthy'));
  const alarms = healthy.filter(({ found }) => found.length > 0).length;
  const lines = results.map(
    ({ row, found, isRight }) =>
      `| ${row.title.replaceAll('|', '\\|')} | ${row.expected.join('; ') || 'nothing'} | ${isRight ? 'as stated' : found.join('; ') || 'nothing'} |`,
  );
  const page = `<!-- written by npm run matrix -- --engine istio -->

# What is found on a real Istio

The control plane, the sidecars and Bookinfo are Istio's own; only the faults are ours. The first rows are those of [the detection table](detection.md), on both tracing drivers; the last rows are the ways in which people run Istio, healthy and under three faults.

Written on ${new Date().toISOString().slice(0, 10)} by \`npm run matrix -- --engine istio\` on Node ${process.version}: ${results.length} runs in ${minutes.toFixed(1)} minutes, ${wrong.length} not as stated. Of these, ${aboutHealthy(healthy.length, alarms)}.

| run | must be found | was found |
| --- | --- | --- |
${lines.join('\n')}
`;
  writeFileSync(resolve(import.meta.dirname, '../../docs/detection-istio.md'), page);
}
