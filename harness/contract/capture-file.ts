import { CaptureError } from '../capture/part.ts';
import { createRedactor, redactDeep, type Secret } from '../capture/redact.ts';
import { CONTRACT_SCHEMA, type ContractCapture, contractCaptureSchema } from '../model/contract.ts';
import type { ContractSettings } from './settings.ts';

/** True for a capture of `hopcheck contract`, whatever its version. */
export function isContractCapture(text: string): boolean {
  return /^\s*\{\s*"schema":\s*"hopcheck\/contract@/.test(text.slice(0, 200));
}

export function encodeContract(capture: ContractCapture): string {
  return `${JSON.stringify(capture)}\n`;
}

/** @throws CaptureError that names the place that does not fit. */
export function decodeContract(text: string, origin: string): ContractCapture {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CaptureError(`${origin}: the capture of hopcheck contract is cut; expected one JSON object`, { cause });
  }
  const parsed = contractCaptureSchema.safeParse(value);
  if (parsed.success) return parsed.data as ContractCapture;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') || 'the file';
  throw new CaptureError(
    `${origin}: expected a capture of hopcheck contract (${CONTRACT_SCHEMA}); ${place}: ${issue?.message ?? 'does not fit'}`,
  );
}

const SECRET_NAME = /pass|secret|token|key|credential|auth|cookie|dsn/i;

/** Headers for the service, and variables whose name says so, wherever they turn up: in its output, say. */
export function redactContract(
  capture: ContractCapture,
  { service }: Pick<ContractSettings, 'service'>,
  env: Readonly<Record<string, string | undefined>>,
): ContractCapture {
  const headers = service.headers.map(
    ([name, value]): Secret => ({ value, placeholder: `$${name.toUpperCase().replace(/\W/g, '_')}` }),
  );
  const variables = Object.entries(env).flatMap(([name, value]): Secret[] =>
    value !== undefined && SECRET_NAME.test(name) ? [{ value, placeholder: `$${name}` }] : [],
  );
  const redact = createRedactor([...headers, ...variables]);
  // Only what came from outside: the ids of the run are not secret, and a short secret may be in one by chance.
  const { output, calls, service: tested } = capture;
  return {
    ...capture,
    service: { ...tested, ...(tested.start !== undefined && { start: redact(tested.start) }) },
    calls: redactDeep(calls, redact) as ContractCapture['calls'],
    ...(output !== undefined && { output: output.map(redact) }),
  };
}
