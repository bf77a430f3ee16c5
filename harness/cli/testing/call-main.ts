import type { Output } from '../io.ts';
import { main } from '../main.ts';

export interface Called {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, without a terminal, or in one of so many columns. */
export async function callMain(
  argv: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; columns?: number } = {},
): Promise<Called> {
  let stdout = '';
  let stderr = '';
  const exitCode = await main(argv, {
    stdout: collect((text) => {
      stdout += text;
    }, options.columns),
    stderr: collect((text) => {
      stderr += text;
    }, options.columns),
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    onSignal: () => () => undefined,
  });
  return { exitCode, stdout, stderr };
}

function collect(write: (text: string) => void, columns: number | undefined): Output {
  return { write, data: write, isTTY: columns !== undefined, ...(columns !== undefined && { columns }) };
}
