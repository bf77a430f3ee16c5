import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContractError } from './contract-error.ts';
import { type ExportedSpan, spansInJson, spansInProtobuf } from './otlp-spans.ts';
import type { Place } from './placeholders.ts';

/** An OTLP endpoint over HTTP (`/v1/traces`), with protobuf or JSON, as opentelemetry-specification OTLP/HTTP has it. */
export interface Otlp {
  readonly place: Place;
  spans(): readonly ExportedSpan[];
  close(): Promise<void>;
}

/** Larger bodies are not read, bytes. */
const MOST_BYTES = 16 * 2 ** 20;

/** @throws ContractError where the port cannot be had. */
export async function openOtlp({ host, port }: Place): Promise<Otlp> {
  const spans: ExportedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MOST_BYTES) chunks.push(chunk);
    });
    request.on('end', () => {
      const isJson = request.headers['content-type']?.includes('json') === true;
      const body = Buffer.concat(chunks);
      spans.push(...(isJson ? spansInJson(body.toString('utf8')) : spansInProtobuf(body)));
      response.writeHead(200, { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' });
      response.end(isJson ? '{}' : undefined);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new ContractError(
          `--otlp: hopcheck cannot listen at ${host}:${port} (${cause.code ?? cause.message}); expected a free address of this machine, e.g. --otlp 127.0.0.1:4318`,
          { cause },
        ),
      ),
    );
    server.listen({ host, port }, resolve);
  });
  return {
    place: { host, port: (server.address() as AddressInfo).port },
    spans: () => spans,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
