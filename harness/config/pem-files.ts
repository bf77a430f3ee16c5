import { createSecureContext } from 'node:tls';
import type { ConfigProblem } from './config-error.ts';
import { optionDefinition } from './options.ts';
import type { ClientCertificate } from './settings.ts';
import { printable } from './shown.ts';

/** Options that name a PEM file. */
export type PemOption = 'ingress-ca' | 'traces-ca' | 'ingress-cert' | 'ingress-key';

/** A file as it was given: its path, and by what. */
export interface PemFile {
  readonly value: string;
  readonly source: string;
  readonly from: string;
}

type PemFiles = { readonly [Name in PemOption]?: PemFile };

/** The text of one PEM file; undefined where none was given, or where the file is not PEM, which is then a problem. */
export function readPem(
  name: PemOption,
  files: PemFiles,
  readFile: (path: string) => string,
  problems: ConfigProblem[],
): string | undefined {
  const file = files[name];
  if (file === undefined) return undefined;
  try {
    const text = readFile(file.value);
    if (text.includes('-----BEGIN')) return text;
  } catch {
    // Reported below, together with a file that is not PEM.
  }
  problems.push(wrong(name, file, optionDefinition(name).expected));
  return undefined;
}

/**
 * The client certificate and its key, which may be in the same file. That they belong together and that the key opens
 * without a passphrase is seen here, before anything is sent: on the wire it would look like the server's refusal.
 */
export function readClientCertificate(
  files: PemFiles,
  readFile: (path: string) => string,
  problems: ConfigProblem[],
): ClientCertificate | undefined {
  const { 'ingress-cert': certFile, 'ingress-key': keyFile } = files;
  if (certFile === undefined) {
    if (keyFile !== undefined) problems.push(wrong('ingress-cert', undefined, 'a certificate beside the key'));
    return undefined;
  }
  const cert = readPem('ingress-cert', files, readFile, problems);
  const key = keyFile === undefined ? cert : readPem('ingress-key', files, readFile, problems);
  if (cert === undefined || key === undefined) return undefined;
  if (!key.includes('PRIVATE KEY-----')) {
    problems.push(wrong('ingress-key', keyFile, 'a PEM file with the private key of --ingress-cert'));
    return undefined;
  }
  try {
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    // OpenSSL's words name neither content nor path.
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be used';
    problems.push(
      wrong('ingress-key', keyFile ?? certFile, `the certificate's own key, without a passphrase (${why})`),
    );
    return undefined;
  }
}

function wrong(name: PemOption, file: PemFile | undefined, expected: string): ConfigProblem {
  // A key given in place of its path must not appear in a log.
  const shown = file === undefined || file.value.includes('-----BEGIN') ? undefined : printable(file.value);
  return {
    option: `--${name}`,
    ...(shown !== undefined && { value: shown }),
    ...(file !== undefined && { source: `${file.source} ${file.from}` }),
    expected,
    example: optionDefinition(name).example,
  };
}
