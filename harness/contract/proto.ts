import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor.js';
import { ContractError } from './contract-error.ts';
import { type Answers, answerTo } from './stub/answers.ts';
import type { GrpcAnswers } from './stub/grpc.ts';

/**
 * Answers to methods of gRPC as messages: the response type of the method, filled with the body of the answer that fits
 * its path. Takes `.proto` files; any other file is a descriptor set (`protoc --descriptor_set_out`, with its imports).
 * @throws ContractError for a file that is neither.
 */
export function readProto(paths: readonly string[], answers: Answers): GrpcAnswers {
  const roots = rootsOf(paths);
  const rules = Object.values(answers).flat();
  return (path) => {
    const [, service = '', method = ''] = path.split('/');
    for (const root of roots) {
      const found = root.lookup(service);
      const definition = found instanceof protobuf.Service ? found.methods[method] : undefined;
      const type = definition?.resolve() === undefined ? undefined : definition.resolvedResponseType;
      if (type === undefined || type === null) continue;
      const { body } = answerTo(rules, { method: 'POST', path });
      return type.encode(type.fromObject(typeof body === 'object' && body !== null ? body : {})).finish();
    }
    return undefined;
  };
}

/** Sources share one root, because they may refer to each other; a set is whole by itself. */
function rootsOf(paths: readonly string[]): readonly protobuf.Root[] {
  const sources = new protobuf.Root();
  const sets = paths.flatMap((path) => {
    try {
      const bytes = readFileSync(path);
      if (!path.endsWith('.proto')) return [protobuf.Root.fromDescriptor(bytes, { keepCase: true })];
      protobuf.parse(bytes.toString('utf8'), sources, { keepCase: true });
      return [];
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ContractError(
        `--proto ${JSON.stringify(path)}: expected a .proto file, or a descriptor set, that can be read (${why}), e.g. --proto stock.proto`,
        { cause },
      );
    }
  });
  const roots = [sources, ...sets];
  for (const root of roots) root.resolveAll();
  return roots;
}
