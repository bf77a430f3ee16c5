import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { ContractError } from './contract-error.ts';
import { type Answers, answerTo } from './stub/answers.ts';
import type { GrpcAnswers } from './stub/grpc.ts';

/**
 * Answers to methods of gRPC as messages: the response type of the method, filled with the body of the answer that fits
 * its path. @throws ContractError for a file that is not a .proto file.
 */
export function readProto(paths: readonly string[], answers: Answers): GrpcAnswers {
  const root = new protobuf.Root();
  for (const path of paths) {
    try {
      protobuf.parse(readFileSync(path, 'utf8'), root, { keepCase: true });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ContractError(
        `--proto ${JSON.stringify(path)}: expected a .proto file that can be read (${why}), e.g. --proto stock.proto`,
        { cause },
      );
    }
  }
  root.resolveAll();
  const rules = Object.values(answers).flat();
  return (path) => {
    const [, service = '', method = ''] = path.split('/');
    const found = root.lookup(service);
    const definition = found instanceof protobuf.Service ? found.methods[method] : undefined;
    const type = definition?.resolve() === undefined ? undefined : definition.resolvedResponseType;
    if (type === undefined || type === null) return undefined;
    const { body } = answerTo(rules, { method: 'POST', path });
    return type.encode(type.fromObject(typeof body === 'object' && body !== null ? body : {})).finish();
  };
}
